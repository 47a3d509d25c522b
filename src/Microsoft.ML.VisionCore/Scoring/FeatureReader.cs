namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Reads the features of the row that a cursor stands on. Never throws because of what they hold.</summary>
/// <param name="features">Receives them; nothing of use where the row has none.</param>
/// <returns>Why the row has none; null where it has.</returns>
internal delegate string? FeatureReader(Span<byte> features);
