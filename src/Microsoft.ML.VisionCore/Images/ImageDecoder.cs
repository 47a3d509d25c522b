using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Encoded bytes → upright RGB. A bad file gives a reason, never a throw.</summary>
internal static class ImageDecoder
{
    /// <summary>More pixels than this are not decoded: a small file can claim an image that fills the memory.</summary>
    internal const long MaxPixels = 1L << 28;

    /// <summary>Decodes a file, turns it upright and lays it on white.</summary>
    /// <param name="file">The bytes of the file; only the first <paramref name="length"/> belong to it.</param>
    /// <param name="length">The length of the file in bytes.</param>
    /// <param name="target">Receives the pixels.</param>
    /// <returns>Why the file could not be decoded; null where it could.</returns>
    public static string? Decode(byte[] file, int length, RgbImage target)
    {
        var header = EncodedImageHeader.Read(file.AsSpan(0, length));
        if ((long)header.Width * header.Height > MaxPixels)
        {
            return $"the image is {header.Width} x {header.Height} pixels; at most {MaxPixels} pixels are decoded";
        }

        try
        {
            using var stream = new MemoryStream(file, 0, length, writable: false);
            using var image = MLImage.CreateFromStream(stream);
            return Unpack(image, header.Orientation, target);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The decoder's own exceptions differ from format to format; each means that these bytes are no image.
            return $"{length} bytes are not an image that can be decoded ({exception.Message})";
        }
    }

    /// <summary>Copies the pixels of an image, laid on white: decoded colours are premultiplied by alpha, so that white's share is 255 - alpha.</summary>
    /// <returns>Why there are no pixels; null where there are.</returns>
    public static string? Unpack(MLImage image, ExifOrientation orientation, RgbImage target)
    {
        if (image.PixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
        {
            return $"the pixel format is {image.PixelFormat}; {MLPixelFormat.Bgra32} or {MLPixelFormat.Rgba32} was expected";
        }

        var (width, height) = (image.Width, image.Height);
        var turned = orientation >= ExifOrientation.Transposed;
        target.Resize(turned ? height : width, turned ? width : height);
        var red = image.PixelFormat == MLPixelFormat.Rgba32 ? 0 : 2;
        var source = image.Pixels;
        var pixels = target.Pixels;
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = source.Slice(((y * width) + x) * 4, 4);
                var white = 255 - pixel[3];
                var to = Position(x, y, width, height, orientation) * 3;
                pixels[to] = (byte)Math.Min(255, pixel[red] + white);
                pixels[to + 1] = (byte)Math.Min(255, pixel[1] + white);
                pixels[to + 2] = (byte)Math.Min(255, pixel[2 - red] + white);
            }
        }

        return null;
    }

    // Where the stored pixel (x, y) stands in the upright image.
    private static int Position(int x, int y, int width, int height, ExifOrientation orientation) => orientation switch
    {
        ExifOrientation.MirroredHorizontally => (y * width) + (width - 1 - x),
        ExifOrientation.Rotated180 => ((height - 1 - y) * width) + (width - 1 - x),
        ExifOrientation.MirroredVertically => ((height - 1 - y) * width) + x,
        ExifOrientation.Transposed => (x * height) + y,
        ExifOrientation.Rotated90Clockwise => (x * height) + (height - 1 - y),
        ExifOrientation.Transversed => ((width - 1 - x) * height) + (height - 1 - y),
        ExifOrientation.Rotated90CounterClockwise => ((width - 1 - x) * height) + y,
        _ => (y * width) + x,
    };
}
