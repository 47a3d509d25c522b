using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Training;

/// <summary>Symbols of three random strokes, drawn again and again with an unsteady hand, 16x16, black on white.</summary>
internal static class DrawnSymbols
{
    public const int Side = 16;

    private const int Strokes = 3;

    public static ExamplePool Create(int classes, int examples, int seed)
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Images(1, Side), [.. Enumerable.Range(0, classes).Select(number => $"symbol {number}")]);
        var random = new Random(seed);
        for (var number = 0; number < classes; number++)
        {
            var ends = Enumerable.Range(0, Strokes * 4).Select(_ => 2 + ((Side - 5) * random.NextDouble())).ToArray();
            for (var example = 0; example < examples; example++)
            {
                builder.Add(number, Draw([.. ends.Select(value => value + random.NextDouble() - 0.5)]));
            }
        }

        return builder.Build();
    }

    private static ReadOnlySpan<byte> Draw(double[] ends)
    {
        var image = new byte[Side * Side];
        Array.Fill(image, (byte)255);
        for (var stroke = 0; stroke < Strokes; stroke++)
        {
            var (x, y, toX, toY) = (ends[4 * stroke], ends[(4 * stroke) + 1], ends[(4 * stroke) + 2], ends[(4 * stroke) + 3]);
            for (var step = 0; step <= 4 * Side; step++)
            {
                var part = step / (4.0 * Side);
                image[((int)(y + (part * (toY - y))) * Side) + (int)(x + (part * (toX - x)))] = 0;
            }
        }

        return image;
    }
}
