using Microsoft.ML.VisionCore.Images;

namespace MLExt.Data;

/// <summary>How large an image file says its image is.</summary>
/// <param name="Width">Width in pixels, at least 1.</param>
/// <param name="Height">Height in pixels, at least 1.</param>
internal readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>Pixels of the image.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>The shorter side in pixels.</summary>
    public int Shorter => Math.Min(Width, Height);

    /// <summary>Reads the first bytes of a PNG, JPEG, GIF, BMP or WebP file; decodes nothing.</summary>
    /// <returns>The size; null where it is no such file or damaged.</returns>
    public static ImageSize? Read(ReadOnlySpan<byte> file) =>
        EncodedImageHeader.Read(file) is { Width: > 0, Height: > 0 } header ? new(header.Width, header.Height) : null;
}
