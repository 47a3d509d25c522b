namespace Microsoft.ML.Data;

/// <summary>For each target position on one axis the source positions it is mixed from, with their weights.</summary>
internal sealed class AxisTaps
{
    private AxisTaps(int targets, int perTarget)
    {
        Count = targets;
        PerTarget = perTarget;
        Source = new int[targets * perTarget];
        Weight = new float[targets * perTarget];
    }

    internal int Count { get; }

    internal int PerTarget { get; }

    internal int[] Source { get; }

    internal float[] Weight { get; }

    /// <summary>
    /// Interpolation of <paramref name="source"/> positions stretched over <paramref name="target"/> positions,
    /// for <paramref name="count"/> of these from <paramref name="first"/> on: bicubic when enlarging, else linear.
    /// </summary>
    internal static AxisTaps For(int source, int target, int first, int count)
    {
        var cubic = target > source;
        var taps = new AxisTaps(count, cubic ? 4 : 2);
        for (var i = 0; i < count; i++)
        {
            var center = (first + i + 0.5) * source / target - 0.5;
            var floor = (int)Math.Floor(center);
            for (var t = 0; t < taps.PerTarget; t++)
            {
                var at = cubic ? floor - 1 + t : floor + t;
                var distance = Math.Abs(center - at);
                taps.Source[i * taps.PerTarget + t] = Math.Clamp(at, 0, source - 1);
                taps.Weight[i * taps.PerTarget + t] = (float)(cubic ? Mitchell(distance) : 1 - distance);
            }
        }

        return taps;
    }

    /// <summary>Half as many positions: pairs averaged, or of an odd number overlapping triples.</summary>
    internal static AxisTaps Half(int source)
    {
        var count = Math.Max(source / 2, 1);
        var odd = source % 2 == 1;
        var taps = new AxisTaps(count, odd ? 3 : 2);
        for (var i = 0; i < count * taps.PerTarget; i++)
        {
            var t = i % taps.PerTarget;
            taps.Source[i] = Math.Min(2 * (i / taps.PerTarget) + t, source - 1);
            taps.Weight[i] = odd ? (t == 1 ? 0.5f : 0.25f) : 0.5f;
        }

        return taps;
    }

    /// <summary>The cubic of Mitchell and Netravali with B = C = 1/3.</summary>
    private static double Mitchell(double x) => x switch
    {
        < 1 => (7 * x * x * x - 12 * x * x + 16.0 / 3) / 6,
        < 2 => (-7.0 / 3 * x * x * x + 12 * x * x - 20 * x + 32.0 / 3) / 6,
        _ => 0,
    };
}
