using System.Runtime.InteropServices;
using Microsoft.ML.VisionCore.Images;
using SkiaSharp;

namespace MLExt.Reports.Html;

/// <summary>Makes small pictures that a page can hold.</summary>
internal static class Thumbnail
{
    /// <summary>Longest side in pixels. Smaller images are kept as they are.</summary>
    private const int Longest = 128;

    /// <summary>A PNG file, small and upright, as an address that an image element takes.</summary>
    /// <param name="file">The bytes of an image file.</param>
    /// <returns>Null when it cannot be decoded.</returns>
    public static string? Of(byte[] file)
    {
        using var decoded = new RgbImage();
        if (EncodedImage.Decode(file, decoded) is not null)
        {
            return null;
        }

        using var image = ToBitmap(decoded);
        var scale = Math.Min(1, (double)Longest / Math.Max(image.Width, image.Height));
        var size = new SKSizeI(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
        using var small = size == image.Info.Size ? image.Copy() : image.Resize(size, SKFilterQuality.Medium);
        using var png = small.Encode(SKEncodedImageFormat.Png, quality: 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}";
    }

    private static SKBitmap ToBitmap(RgbImage image)
    {
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var row = new byte[bitmap.RowBytes];
        for (var y = 0; y < image.Height; y++)
        {
            var pixels = image.Pixels.Slice(y * image.Width * 3, image.Width * 3);
            for (var x = 0; x < image.Width; x++)
            {
                pixels.Slice(3 * x, 3).CopyTo(row.AsSpan(4 * x));
                row[(4 * x) + 3] = byte.MaxValue;
            }

            Marshal.Copy(row, 0, bitmap.GetPixels() + (y * row.Length), row.Length);
        }

        return bitmap;
    }
}
