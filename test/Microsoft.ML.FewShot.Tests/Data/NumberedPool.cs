using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Data;

/// <summary>Pools whose examples say what they are.</summary>
internal static class NumberedPool
{
    /// <summary>Images 2x2 whose first pixel is 100 more than the class's number and whose second the example's number in it; the class names are "g0/c0", "g0/c1", ...</summary>
    public static ExamplePool Images(int classes, int examples, int groupSize = 1000)
    {
        var builder = new ExamplePoolBuilder(ExampleShape.Images(1, 2), [.. Enumerable.Range(0, classes).Select(number => $"g{number / groupSize}/c{number}")]);
        for (var number = 0; number < classes; number++)
        {
            for (var example = 0; example < examples; example++)
            {
                builder.Add(number, (ReadOnlySpan<byte>)[(byte)(100 + number), (byte)example, 0, 0]);
            }
        }

        return builder.Build();
    }

    /// <summary>Vectors that scatter about the middle of their class.</summary>
    public static ExamplePool Vectors(int classes, int examples, int length, double scatter, int seed)
    {
        var random = new Random(seed);
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(length), [.. Enumerable.Range(0, classes).Select(number => $"c{number}")]);
        for (var number = 0; number < classes; number++)
        {
            var middle = Enumerable.Range(0, length).Select(_ => Normal(random)).ToArray();
            for (var example = 0; example < examples; example++)
            {
                builder.Add(number, middle.Select(value => (float)(value + (scatter * Normal(random)))).ToArray().AsSpan());
            }
        }

        return builder.Build();
    }

    /// <summary>The class of a draw from <see cref="Images"/>.</summary>
    public static int ClassOf(ExamplePool pool, ExampleDraw draw) => pool.Image(draw.Example)[0] - 100;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
