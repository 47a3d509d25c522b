using System.Globalization;

namespace MLExtensions.Serving;

/// <summary>How long answers took.</summary>
/// <param name="times">The times.</param>
internal sealed class Latency(IEnumerable<TimeSpan> times)
{
    private readonly double[] _sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];

    /// <summary>The median and the 99th percentile, in milliseconds, as two cells of a table.</summary>
    internal string Cells => string.Create(CultureInfo.InvariantCulture, $"{At(0.5):F1} | {At(0.99):F1}");

    /// <summary>The longest.</summary>
    internal double Longest => _sorted is [.., var last] ? last : double.NaN;

    private double At(double part) => _sorted.Length == 0 ? double.NaN : _sorted[(int)Math.Ceiling(part * _sorted.Length) - 1];
}
