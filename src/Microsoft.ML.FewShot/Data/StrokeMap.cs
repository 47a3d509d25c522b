namespace Microsoft.ML.FewShot.Data;

/// <summary>
/// Another pen: ink is what differs from the paper, whose colour is the median of the border. A pen thinner than a pixel leaves fainter ink, a thicker one darker and
/// wider ink.
/// </summary>
/// <param name="Ink">What every pixel's difference from the paper is multiplied by.</param>
/// <param name="Spread">How much of the strongest ink among its four neighbours a pixel takes where that is more than its own, 0 to 1.</param>
internal readonly record struct StrokeMap(float Ink, float Spread)
{
    private const double Faintest = 0.35, Darkest = 2;

    /// <summary>Ink from 0.35 to 2 times as dark, equally likely in each doubling; in half the cases spread by 0 to 1.</summary>
    public static StrokeMap Draw(Random random)
    {
        var ink = Faintest * Math.Pow(Darkest / Faintest, random.NextDouble());
        var spread = Math.Max(0, (2 * random.NextDouble()) - 1);
        return new StrokeMap((float)ink, (float)spread);
    }

    /// <summary>Writes the image as the other pen would have drawn it.</summary>
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
        var paper = ImageBorder.Color(source, side);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                var own = source[(y * side) + x] - paper;
                var strongest = own;
                if (Spread > 0)
                {
                    Take(ref strongest, x > 0 ? source[(y * side) + x - 1] - paper : 0);
                    Take(ref strongest, x + 1 < side ? source[(y * side) + x + 1] - paper : 0);
                    Take(ref strongest, y > 0 ? source[((y - 1) * side) + x] - paper : 0);
                    Take(ref strongest, y + 1 < side ? source[((y + 1) * side) + x] - paper : 0);
                }

                var ink = Ink * (own + (Spread * (strongest - own)));
                destination[(y * side) + x] = (byte)Math.Clamp(paper + ink + 0.5f, 0, byte.MaxValue);
            }
        }
    }

    private static void Take(ref int strongest, int neighbour)
    {
        if (Math.Abs(neighbour) > Math.Abs(strongest))
        {
            strongest = neighbour;
        }
    }
}
