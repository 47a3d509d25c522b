using System.Globalization;
using System.Text;

namespace MLExtensions.Fuzz;

/// <summary>What came of requests. Safe to use from several threads.</summary>
internal sealed class LoadTally
{
    private const int MostFaults = 50;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Kind, int Status), int> _counts = [];
    private readonly SortedDictionary<string, List<double>> _times = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly HashSet<string> _kept = [];

    /// <summary>Whether requests are cut off because the server is being killed.</summary>
    public volatile bool IsKilling;

    /// <summary>The id of the data set that was opened last, and the address of the training that was started last; for all users.</summary>
    public volatile string? DataSet, Training;

    /// <summary>What went wrong.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Counts an answer.</summary>
    /// <param name="kind">What was asked.</param>
    /// <param name="status">The HTTP status; 0 where the connection ended without one.</param>
    /// <param name="goodTime">How long it took, where it was a good request.</param>
    public void Add(string kind, int status, TimeSpan? goodTime = null)
    {
        lock (_lock)
        {
            _counts[(kind, status)] = _counts.GetValueOrDefault((kind, status)) + 1;
            if (goodTime is { } time)
            {
                if (!_times.TryGetValue(kind, out var times))
                {
                    _times[kind] = times = [];
                }

                times.Add(time.TotalMilliseconds);
            }
        }
    }

    /// <summary>Notes what should not be.</summary>
    public void Fault(string fault)
    {
        lock (_lock)
        {
            if (_faults.Count < MostFaults)
            {
                _faults.Add(fault);
            }
        }
    }

    /// <summary>Notes an address that the server gave to something that it keeps.</summary>
    public void Keep(string path)
    {
        lock (_lock)
        {
            _kept.Add(path);
        }
    }

    /// <summary>The addresses that were noted; they are forgotten.</summary>
    public IReadOnlyList<string> TakeKept()
    {
        lock (_lock)
        {
            string[] kept = [.. _kept];
            _kept.Clear();
            (DataSet, Training) = (null, null);
            return kept;
        }
    }

    /// <summary>Counts and latencies as text.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{_counts.Values.Sum()} requests; by status: {string.Join(", ", _counts.GroupBy(one => one.Key.Status, one => one.Value).OrderBy(group => group.Key).Select(group => $"{group.Key}: {group.Sum()}"))}\n");
        foreach (var kind in _counts.GroupBy(one => one.Key.Kind))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {kind.Key}: {string.Join(", ", kind.Select(one => $"{one.Value} x {one.Key.Status}"))}\n");
        }

        text.Append("Latency of good requests in ms, 50 / 95 / 99 % / longest:\n");
        foreach (var (kind, times) in _times.Append(new("all", [.. _times.Values.SelectMany(times => times)])))
        {
            times.Sort();
            if (times.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {kind}: {At(0.5):F0} / {At(0.95):F0} / {At(0.99):F0} / {times[^1]:F0}\n");
            }

            double At(double part) => times[(int)(part * (times.Count - 1))];
        }

        return text.ToString();
    }
}
