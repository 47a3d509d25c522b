namespace MLExtensions.Serving;

/// <summary>Answers per second of the plain app, and of one and several silos on the same machine.</summary>
/// <param name="store">The store.</param>
/// <param name="silos">How many silos, row by row.</param>
/// <param name="count">How many classifiers are asked.</param>
/// <param name="tenants">How many tenants have them.</param>
/// <param name="clients">How many clients ask.</param>
/// <param name="time">For how long.</param>
internal sealed class ThroughputBenchmark(string store, int[] silos, int count, int tenants, int clients, TimeSpan time) : IDisposable
{
    /// <summary>The runtime compiles again what is used much; that is not measured.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private readonly Workplace _place = new(store, classifiers: count);
    private readonly KnownClassifier[] _all = KnownClassifier.Some(count, tenants);
    private double _plain;

    /// <summary>Runs it.</summary>
    internal async Task Run()
    {
        Console.WriteLine($"{clients} clients, {count} classifiers, {time.TotalSeconds} s each, {_place.Store.Description}, {Environment.ProcessorCount} cores, which clients and servers share");
        Table.Head("servers", "answers per second", "ratio", "median, ms", "99th percentile, ms", "wrong", "failed");
        await Measure("the plain app", _place.Start(1, areSilos: false), isNew: true).ConfigureAwait(false);
        foreach (var many in silos)
        {
            await Measure(many == 1 ? "1 silo" : $"{many} silos", _place.Start(many), isNew: many == silos[0]).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private async Task Measure(string name, IReadOnlyList<Server> servers, bool isNew)
    {
        if (isNew)
        {
            await Workplace.Create(servers[0].Client, _all).ConfigureAwait(false);
        }

        foreach (var server in servers)
        {
            await Parallel.ForEachAsync(_all, async (classifier, _) => await server.Client.Ask(classifier, classifier.Glyphs.First()).ConfigureAwait(false)).ConfigureAwait(false);
        }

        await Ask(servers, WarmUp).ConfigureAwait(false);
        var (asked, seconds) = await Ask(servers, time).ConfigureAwait(false);
        var right = asked.Where(one => one.Reply.IsRight).ToArray();
        var rate = right.Length / seconds;
        _plain = _plain == 0 ? rate : _plain;
        Table.Row($"{name}", $"{rate:F0}", $"{rate / _plain:F2}", $"{new Latency(right.Select(one => one.Took)).Cells}",
            $"{asked.Count(one => one.Reply.IsWrong)}", $"{asked.Count(one => one.Reply.Fault is not null)}");
        Faults.Print(asked.Select(one => one.Reply.Fault));
        await _place.End().ConfigureAwait(false);
    }

    private async Task<(IReadOnlyList<Asked> Asked, double Seconds)> Ask(IReadOnlyList<Server> servers, TimeSpan during)
    {
        var load = new Load(_all, new Rotation(servers.Select(server => server.Client)), clients);
        await Task.Delay(during).ConfigureAwait(false);
        var asked = await load.Stop().ConfigureAwait(false);
        return (asked, load.Now.TotalSeconds);
    }
}
