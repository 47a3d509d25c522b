using Microsoft.ML.Data;

namespace MLExt.Reports.Html;

/// <summary>Makes small pictures that a page can hold.</summary>
internal static class Thumbnail
{
    /// <summary>Longest side in pixels. Smaller images are kept as they are.</summary>
    private const int Longest = 128;

    private const int Channels = 4;

    /// <summary>A PNG file, small, as an address that an image element takes.</summary>
    /// <param name="file">The bytes of an image file.</param>
    /// <returns>Null when it cannot be decoded.</returns>
    public static string? Of(byte[] file)
    {
        try
        {
            using var image = MLImage.CreateFromStream(new MemoryStream(file, writable: false));
            var scale = Math.Min(1, (double)Longest / Math.Max(image.Width, image.Height));
            var (width, height) = (Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
            var pixels = width == image.Width && height == image.Height ? image.Pixels : Shrunk(image.Pixels, image.Width, image.Height, width, height);
            using var small = MLImage.CreateFromPixels(width, height, image.PixelFormat, pixels);
            return $"data:image/png;base64,{Convert.ToBase64String(Png(small))}";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Every new pixel is the mean of those it covers.</summary>
    private static byte[] Shrunk(ReadOnlySpan<byte> pixels, int width, int height, int newWidth, int newHeight)
    {
        var small = new byte[newWidth * newHeight * Channels];
        for (var row = 0; row < newHeight; row++)
        {
            var (top, bottom) = Covered(row, height, newHeight);
            for (var column = 0; column < newWidth; column++)
            {
                var (left, right) = Covered(column, width, newWidth);
                for (var channel = 0; channel < Channels; channel++)
                {
                    long sum = 0;
                    for (var y = top; y < bottom; y++)
                    {
                        for (var x = left; x < right; x++)
                        {
                            sum += pixels[(((y * width) + x) * Channels) + channel];
                        }
                    }

                    small[(((row * newWidth) + column) * Channels) + channel] = (byte)(sum / ((bottom - top) * (right - left)));
                }
            }
        }

        return small;
    }

    private static (int From, int To) Covered(int index, int size, int newSize)
    {
        var from = (int)((long)index * size / newSize);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * size / newSize)));
    }

    private static byte[] Png(MLImage image)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        try
        {
            image.Save(file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
