using SkiaSharp;

namespace Samples.OnnxInference;

/// <summary>From an image file to what the graph takes.</summary>
internal static class Picture
{
    /// <summary>Lays a picture on white and stretches it. One with an Exif orientation has to be turned upright before.</summary>
    /// <returns>[side, side, channels]; null where the file is no picture, or not a whole one.</returns>
    public static byte[]? Read(string path, int side, int channels)
    {
        using var codec = File.Exists(path) ? SKCodec.Create(path) : null;
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > 1 << 28) return null;
        using var picture = new SKBitmap(codec.Info.WithColorType(SKColorType.Rgba8888).WithAlphaType(SKAlphaType.Premul).WithColorSpace(SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(picture.Info, picture.GetPixels()) != SKCodecResult.Success) return null;
        using var square = new SKBitmap(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(square);
        using var filter = new SKPaint { FilterQuality = SKFilterQuality.High };
        canvas.Clear(SKColors.White);
        canvas.DrawBitmap(picture, square.Info.Rect, filter);
        var pixels = square.Bytes.Chunk(4);
        return [.. channels == 3 ? pixels.SelectMany(rgba => rgba[..3]) : pixels.Select(rgba => (byte)((299 * rgba[0] + 587 * rgba[1] + 114 * rgba[2] + 500) / 1000))];
    }
}
