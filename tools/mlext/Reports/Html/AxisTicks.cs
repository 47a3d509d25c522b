namespace MLExt.Reports.Html;

/// <summary>Chooses round numbers for an axis.</summary>
internal static class AxisTicks
{
    /// <summary>Multiples of 1, 2 or 5 times a power of ten, from the last not above the smallest value to the first not below the largest.</summary>
    /// <param name="min">The smallest value.</param>
    /// <param name="max">The largest value; an axis of some length is given where it is not larger than the smallest.</param>
    /// <param name="about">About how many.</param>
    /// <param name="whole">Whether only whole numbers will do.</param>
    public static IReadOnlyList<double> Of(double min, double max, int about, bool whole = false)
    {
        if (!(max > min))
        {
            max = min + 1;
        }

        var raw = (max - min) / about;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = new[] { 1, 2, 5, 10 }.Select(m => m * power).First(s => s >= raw * (1 - 1e-9));
        step = whole ? Math.Max(1, Math.Round(step)) : step;
        var (first, last) = ((long)Math.Floor((min / step) + 1e-9), (long)Math.Ceiling((max / step) - 1e-9));
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }
}
