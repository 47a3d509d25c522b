namespace Microsoft.ML.VisionCore.Images;

/// <summary>Reads the image of the row that a cursor stands on. Never throws because of what the image holds.</summary>
/// <param name="pixels">Receives red, green and blue planes, [3, S, S]; untouched unless <see cref="PixelFill.Filled"/> is returned.</param>
/// <param name="reason">Why there are no pixels; null where there are.</param>
internal delegate PixelFill PixelReader(Span<byte> pixels, out string? reason);
