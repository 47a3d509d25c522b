namespace Microsoft.ML.VisionCore.Images;

/// <summary>What one row holds, copied, so that it can be decoded while the cursor has moved on.</summary>
/// <param name="Content">The bytes of a file, or red, green and blue planes [3, S, S].</param>
/// <param name="IsDecoded">True for planes.</param>
internal sealed record ImageSnapshot(byte[] Content, bool IsDecoded);
