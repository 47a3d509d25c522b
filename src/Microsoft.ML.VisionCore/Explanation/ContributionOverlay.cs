using Microsoft.ML.VisionCore.Images;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Explanation;

/// <summary>Draws a grid of numbers over an image.</summary>
internal static class ContributionOverlay
{
    /// <summary>The longer side in pixels.</summary>
    internal const int SmallestSide = 256, LargestSide = 1024;

    private const double MostOpaque = 0.85;

    // Apart for the colour-blind too.
    private static readonly SKColor For = new(0xFF, 0x8C, 0x00), Against = new(0x1E, 0x6F, 0xFF);

    // Luma, brought towards white so that both colours show on it.
    private static readonly float[] Grey =
    [
        0.18f, 0.35f, 0.07f, 0, 0.35f,
        0.18f, 0.35f, 0.07f, 0, 0.35f,
        0.18f, 0.35f, 0.07f, 0, 0.35f,
        0, 0, 0, 1, 0,
    ];

    /// <summary>Draws it.</summary>
    /// <param name="imageFile">The bytes of the image file.</param>
    /// <param name="values">[G, G].</param>
    /// <param name="side">G.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Draw(ReadOnlySpan<byte> imageFile, ReadOnlySpan<float> values, int side)
    {
        using var decoded = new RgbImage();
        if (EncodedImage.Decode(imageFile, decoded) is { } fault)
        {
            throw new ArgumentException($"The image cannot be decoded: {fault}.", nameof(imageFile));
        }

        using var picture = decoded.ToBitmap();
        var longer = Math.Max(picture.Width, picture.Height);
        var scale = (double)Math.Clamp(longer, SmallestSide, LargestSide) / longer;
        var size = new SKRect(0, 0, Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
        using var surface = SKSurface.Create(new SKImageInfo((int)size.Width, (int)size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var grey = SKColorFilter.CreateColorMatrix(Grey);
        using (var paint = new SKPaint { ColorFilter = grey, FilterQuality = scale < 1 ? SKFilterQuality.Medium : SKFilterQuality.Low })
        {
            surface.Canvas.DrawBitmap(picture, size, paint);
        }

        using (var map = Colored(values, side))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.Low })     // bilinear between the middles of places
        {
            surface.Canvas.DrawBitmap(map, size, paint);
        }

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private static SKBitmap Colored(ReadOnlySpan<float> values, int side)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        var colors = new SKColor[values.Length];
        for (var place = 0; place < colors.Length; place++)
        {
            var share = largest == 0 ? 0 : Math.Abs(values[place]) / largest;
            colors[place] = (values[place] < 0 ? Against : For).WithAlpha((byte)Math.Round(byte.MaxValue * MostOpaque * share));
        }

        return new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul)) { Pixels = colors };
    }
}
