using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Evaluation;

/// <summary>Pools of vectors that say which class they are of, [class number, example number], or lie near a point that is the class's own.</summary>
internal static class NumberedClasses
{
    /// <summary>Classes "g0/0", "g1/1", "g2/2", "g0/3", ... of so many groups.</summary>
    internal static ExamplePool Of(int classes, int examples, int groups = 1)
    {
        var names = Enumerable.Range(0, classes).Select(number => $"g{number % groups}/{number}").ToArray();
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(2), names);
        for (var number = 0; number < classes; number++)
        {
            for (var example = 0; example < examples; example++)
            {
                builder.Add(number, (ReadOnlySpan<float>)[number, example]);
            }
        }

        return builder.Build();
    }

    /// <summary>Each class a random point in six dimensions; its examples lie around it with the given deviation.</summary>
    internal static ExamplePool Clouds(int classes, int examples, double deviation, int seed)
    {
        var random = new Random(seed);
        var builder = new ExamplePoolBuilder(ExampleShape.Vectors(6), [.. Enumerable.Range(0, classes).Select(number => $"{number}")]);
        for (var number = 0; number < classes; number++)
        {
            var middle = Enumerable.Range(0, 6).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
            for (var example = 0; example < examples; example++)
            {
                builder.Add(number, (ReadOnlySpan<float>)[.. middle.Select(value => (float)(value + (deviation * ((2 * random.NextDouble()) - 1))))]);
            }
        }

        return builder.Build();
    }
}
