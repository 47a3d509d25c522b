using System.Globalization;

namespace MLExtensions.Serving;

/// <summary>Three silos, each of which is replaced in turn under load, as an update does.</summary>
/// <param name="store">The store.</param>
/// <param name="count">How many classifiers are asked.</param>
/// <param name="tenants">How many tenants have them.</param>
/// <param name="clients">How many clients ask.</param>
/// <param name="time">How long before the first is replaced, between two, and after the last.</param>
internal sealed class RollBenchmark(string store, int count, int tenants, int clients, TimeSpan time) : IDisposable
{
    private const int Silos = 3;

    private readonly Workplace _place = new(store, classifiers: count);
    private readonly KnownClassifier[] _all = KnownClassifier.Some(count, tenants);

    /// <summary>Runs it.</summary>
    /// <returns>Whether every question was answered, and rightly.</returns>
    internal async Task<bool> Run()
    {
        Console.WriteLine($"{Silos} silos, each replaced in turn; {clients} clients, {count} classifiers, {_place.Store.Description}, {Environment.ProcessorCount} cores");
        var servers = _place.Start(Silos);
        await Workplace.Create(servers[0].Client, _all).ConfigureAwait(false);
        var load = new Load(_all, new Rotation(servers.Select(server => server.Client)), clients, asksAgain: true);
        await Task.Delay(time).ConfigureAwait(false);

        var (ends, starts, began) = (new List<double>(), new List<double>(), load.Now);
        foreach (var server in servers)
        {
            var asked = load.Now;
            await server.End().ConfigureAwait(false);
            var ended = load.Now;
            await server.StartAgain().ConfigureAwait(false);
            ends.Add((ended - asked).TotalSeconds);
            starts.Add((load.Now - ended).TotalSeconds);
            await Task.Delay(time).ConfigureAwait(false);
        }

        var took = load.Now - began;
        var all = await load.Stop().ConfigureAwait(false);
        await _place.End().ConfigureAwait(false);
        var (wrong, failed) = (all.Count(one => one.Reply.IsWrong), all.Count(one => one.Reply.Fault is not null));
        Table.Head("each silo of three is replaced", "");
        Table.Row($"questions", $"{all.Count}");
        Table.Row($"wrong answers", $"{wrong}");
        Table.Row($"asked again at another server", $"{all.Count(one => one.First is not null)}");
        Table.Row($"failed there too", $"{failed}");
        Table.Row($"duration, s", $"{took.TotalSeconds:F1}, of which {3 * time.TotalSeconds:F0} between replacements");
        Table.Row($"to end, s", $"{Listed(ends)}");
        Table.Row($"to start, s", $"{Listed(starts)}");
        Table.Row($"median, and 99th percentile, ms", $"{new Latency(all.Select(one => one.Took)).Cells.Replace(" |", ",", StringComparison.Ordinal)}");
        Table.Row($"longest request, s", $"{new Latency(all.Select(one => one.Took)).Longest / 1000:F2}");
        Console.WriteLine("\nFirst faults:");
        Faults.Print(all.Select(one => one.First));
        Console.WriteLine("\nFaults that stayed:");
        Faults.Print(all.Select(one => one.Reply.Fault));
        return wrong == 0 && failed == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private static string Listed(IEnumerable<double> seconds) => string.Join(", ", seconds.Select(one => one.ToString("F1", CultureInfo.InvariantCulture)));
}
