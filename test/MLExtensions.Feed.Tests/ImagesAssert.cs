using Microsoft.ML.Data;

namespace MLExtensions.Feed.Tests;

/// <summary>Pixels of an image, whatever the order of its components is.</summary>
internal static class ImagesAssert
{
    internal static (int R, int G, int B, int A) PixelAt(MLImage image, int x, int y)
    {
        var pixel = image.Pixels.Slice((y * image.Width + x) * 4, 4);
        return image.PixelFormat == MLPixelFormat.Bgra32 ? (pixel[2], pixel[1], pixel[0], pixel[3]) : (pixel[0], pixel[1], pixel[2], pixel[3]);
    }

    internal static void PixelIs((int R, int G, int B, int A) expected, MLImage image, int x, int y, int tolerance = 0)
    {
        var (r, g, b, a) = PixelAt(image, x, y);
        var distance = new[] { r - expected.R, g - expected.G, b - expected.B, a - expected.A }.Max(Math.Abs);
        Assert.IsLessThanOrEqualTo(tolerance, distance, $"At ({x}, {y}) expected {expected}, got {(r, g, b, a)}.");
    }
}
