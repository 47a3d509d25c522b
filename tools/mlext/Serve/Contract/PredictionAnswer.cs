namespace MLExt.Serve.Contract;

/// <summary>What a model takes an image for.</summary>
/// <param name="Label">The most probable class; null for none of these.</param>
/// <param name="Scores">All classes, best first.</param>
/// <param name="KnownScore">How sure it is that the image is of one of the classes, 0 to 1, and below 0.5 where it is of none; null of models that reject nothing.</param>
/// <param name="Milliseconds">From the bytes of the file to the probabilities.</param>
internal sealed record PredictionAnswer(string? Label, IReadOnlyList<LabelProbability> Scores, double? KnownScore, double Milliseconds);
