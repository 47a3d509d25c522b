namespace Microsoft.ML.FewShot.Data;

/// <summary>Where each pixel of a slightly turned, stretched, slanted and moved image comes from. Coordinates run from -1 to 1 over the image.</summary>
/// <param name="XX">The share of the result's x in the source's x.</param>
/// <param name="XY">The share of the result's y in the source's x.</param>
/// <param name="X">What is added to the source's x.</param>
/// <param name="YX">The share of the result's x in the source's y.</param>
/// <param name="YY">The share of the result's y in the source's y.</param>
/// <param name="Y">What is added to the source's y.</param>
internal readonly record struct AffineMap(float XX, float XY, float X, float YX, float YY, float Y)
{
    private const double Degrees = 12, Stretch = 0.15, Slant = 0.2, Shift = 4 / 28.0;

    /// <summary>Turned by up to 12 degrees, each axis stretched by up to 15 %, slanted by up to 0.2, moved by up to a fourteenth of the side.</summary>
    public static AffineMap Draw(Random random)
    {
        var angle = Symmetric(random) * Degrees * Math.PI / 180;
        var (sx, sy) = (1 + (Symmetric(random) * Stretch), 1 + (Symmetric(random) * Stretch));
        var slant = Symmetric(random) * Slant;
        var (x, y) = (Symmetric(random) * Shift, Symmetric(random) * Shift);
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        // turn · [[sx, slant·sy], [0, sy]]
        return new AffineMap((float)(cos * sx), (float)(((cos * slant) - sin) * sy), (float)x, (float)(sin * sx), (float)(((sin * slant) + cos) * sy), (float)y);
    }

    /// <summary>Writes the moved image, bilinearly; what lies outside the source has the colour of its border.</summary>
    /// <param name="source">[C, S, S].</param>
    /// <param name="side">The side S.</param>
    /// <param name="destination">[C, S, S]; another memory than <paramref name="source"/>.</param>
    public void Apply(ReadOnlySpan<byte> source, int side, Span<byte> destination)
    {
        var area = side * side;
        for (var plane = 0; plane < source.Length; plane += area)
        {
            ApplyToPlane(source.Slice(plane, area), side, destination.Slice(plane, area));
        }
    }

    private void ApplyToPlane(ReadOnlySpan<byte> source, int side, Span<byte> destination)
    {
        var border = ImageBorder.Color(source, side);
        var middle = (side - 1) / 2f;
        var half = side / 2f;
        for (var y = 0; y < side; y++)
        {
            // A pixel's place in pixels from the middle is half · its coordinate.
            var fromX = (XY * (y - middle)) + (X * half) + middle - (XX * middle);
            var fromY = (YY * (y - middle)) + (Y * half) + middle - (YX * middle);
            for (var x = 0; x < side; x++)
            {
                destination[(y * side) + x] = Sample(source, side, fromX + (XX * x), fromY + (YX * x), border);
            }
        }
    }

    private static byte Sample(ReadOnlySpan<byte> source, int side, float x, float y, int border)
    {
        var (left, top) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        if (left < -1 || top < -1 || left >= side || top >= side)
        {
            return (byte)border;
        }

        var (right, down) = (x - left, y - top);
        var upper = (Pixel(source, side, left, top, border) * (1 - right)) + (Pixel(source, side, left + 1, top, border) * right);
        var lower = (Pixel(source, side, left, top + 1, border) * (1 - right)) + (Pixel(source, side, left + 1, top + 1, border) * right);
        return (byte)((upper * (1 - down)) + (lower * down) + 0.5f);
    }

    private static int Pixel(ReadOnlySpan<byte> source, int side, int x, int y, int border) =>
        (uint)x < (uint)side && (uint)y < (uint)side ? source[(y * side) + x] : border;

    private static double Symmetric(Random random) => (2 * random.NextDouble()) - 1;
}
