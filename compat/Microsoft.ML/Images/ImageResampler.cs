namespace Microsoft.ML.Data;

/// <summary>
/// Drawing an image at another size. Shrinking halves the image while it is more than twice too large and then
/// interpolates linearly; enlarging is bicubic (Mitchell); stretching takes the nearest pixel.
/// </summary>
internal static class ImageResampler
{
    private const int Channels = 4;

    /// <summary>Pixels [Height, Width, 4].</summary>
    internal readonly record struct Picture(int Width, int Height, byte[] Pixels);

    internal static byte[] ToBgra(byte[] pixels, MLPixelFormat format)
    {
        if (format == MLPixelFormat.Bgra32)
        {
            return pixels;
        }

        var swapped = (byte[])pixels.Clone();
        for (var i = 0; i < swapped.Length; i += Channels)
        {
            (swapped[i], swapped[i + 2]) = (swapped[i + 2], swapped[i]);
        }

        return swapped;
    }

    /// <summary>The nearest source pixel of every target pixel; alpha stays.</summary>
    internal static byte[] Stretch(Picture source, int width, int height)
    {
        var target = new byte[(long)width * height * Channels];
        for (var y = 0; y < height; y++)
        {
            var fromY = Nearest(y, height, source.Height);
            for (var x = 0; x < width; x++)
            {
                var from = ((long)fromY * source.Width + Nearest(x, width, source.Width)) * Channels;
                Array.Copy(source.Pixels, from, target, ((long)y * width + x) * Channels, Channels);
            }
        }

        return target;
    }

    /// <summary>Draws the whole source into <paramref name="place"/> of a black canvas; what lies outside is cut off.</summary>
    internal static byte[] Draw(Picture source, int width, int height, ResizeTarget place)
    {
        var canvas = new byte[(long)width * height * Channels];
        var left = Math.Max(place.X, 0);
        var top = Math.Max(place.Y, 0);
        var columns = Math.Min(place.X + place.Width, width) - left;
        var rows = Math.Min(place.Y + place.Height, height) - top;
        if (columns <= 0 || rows <= 0)
        {
            return canvas;
        }

        var plane = FloatPicture.Of(source).Halved(Halvings(source, place));
        var drawn = plane
            .Resampled(AxisTaps.For(plane.Width, place.Width, left - place.X, columns), AxisTaps.For(plane.Height, place.Height, top - place.Y, rows));
        drawn.CopyTo(canvas, width, left, top);
        return canvas;
    }

    private static int Nearest(int target, int targetSize, int sourceSize) =>
        Math.Min((int)((target + 0.5) * sourceSize / targetSize), sourceSize - 1);

    private static int Halvings(Picture source, ResizeTarget place)
    {
        var shrink = Math.Sqrt((double)source.Width / place.Width * source.Height / place.Height);
        return shrink <= 1 ? 0 : (int)Math.Log2(shrink);
    }
}
