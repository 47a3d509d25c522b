using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>Feature vectors in clouds, one cloud a class.</summary>
internal sealed class FeatureRow
{
    public const int Length = 12;

    /// <summary>From 0; ML.NET makes the key 1 of it.</summary>
    [KeyType(Symbols.MaxWays)]
    public uint Label { get; set; }

    [VectorType(Length)]
    public float[] Features { get; set; } = [];

    public static FeatureRow[] Draw(int classes, int each, int seed = 1)
    {
        var random = new Random(seed);
        var middles = Enumerable.Range(0, classes).Select(_ => Enumerable.Range(0, Length).Select(_ => random.NextSingle() * 10).ToArray()).ToArray();
        return [.. Enumerable.Range(0, classes * each).Select(i => new FeatureRow
        {
            Label = (uint)(i / each),
            Features = [.. middles[i / each].Select(value => value + random.NextSingle())],
        })];
    }
}
