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

        using var image = decoded.ToBitmap();
        var scale = Math.Min(1, (double)Longest / Math.Max(image.Width, image.Height));
        var size = new SKSizeI(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
        using var small = size == image.Info.Size ? image.Copy() : image.Resize(size, SKFilterQuality.Medium);
        using var png = small.Encode(SKEncodedImageFormat.Png, quality: 100);
        return $"data:image/png;base64,{Convert.ToBase64String(png.AsSpan())}";
    }
}
