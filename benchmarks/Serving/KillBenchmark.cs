namespace MLExtensions.Serving;

/// <summary>Three silos, one of which is killed under load: what is lost, and for how long.</summary>
/// <param name="store">The store.</param>
/// <param name="count">How many classifiers are asked.</param>
/// <param name="tenants">How many tenants have them.</param>
/// <param name="clients">How many clients ask.</param>
/// <param name="time">How long before the kill.</param>
internal sealed class KillBenchmark(string store, int count, int tenants, int clients, TimeSpan time) : IDisposable
{
    private const int Silos = 3;

    /// <summary>What has not been answered by then is lost.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Workplace _place = new(store, classifiers: count);
    private readonly KnownClassifier[] _all = KnownClassifier.Some(count, tenants);

    /// <summary>Runs it.</summary>
    /// <returns>Whether nothing was lost and no answer was wrong.</returns>
    internal async Task<bool> Run()
    {
        Console.WriteLine($"{Silos} silos, one killed; {clients} clients, {count} classifiers, {_place.Store.Description}, {Environment.ProcessorCount} cores");
        var servers = _place.Start(Silos);
        await Workplace.Create(servers[0].Client, _all).ConfigureAwait(false);
        var rotation = new Rotation(servers.Select(server => server.Client));
        var load = new Load(_all, rotation, clients);
        await Task.Delay(time).ConfigureAwait(false);

        var victim = servers[^1];
        rotation.Remove(victim.Client);
        var killed = load.Now;
        victim.Kill();
        using var timer = new PeriodicTimer(Look);
        while (Answered(load.SoFar(), killed).Count < count && load.Now - killed < Longest)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }

        var asked = await load.Stop().ConfigureAwait(false);
        await _place.End().ConfigureAwait(false);
        return Print(asked, killed, victim.Client);
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private bool Print(IReadOnlyList<Asked> asked, TimeSpan killed, Client victim)
    {
        var back = Answered(asked, killed);
        var failed = asked.Where(one => one.Reply.Fault is not null).ToArray();
        var (cut, wrong) = (failed.Count(one => one.Server == victim), asked.Count(one => one.Reply.IsWrong));
        Table.Head("one silo of three is killed", "");
        Table.Row($"questions before, and after", $"{asked.Count(one => one.Ended < killed)}, {asked.Count(one => one.Ended >= killed)}");
        Table.Row($"wrong answers", $"{wrong}");
        Table.Row($"lost classifiers", $"{count - back.Count}");
        Table.Row($"failed requests that the killed one was answering", $"{cut}");
        Table.Row($"failed requests to the others", $"{failed.Length - cut}");
        Table.Row($"until every classifier had answered again, s", $"{back.Values.Append(killed).Max().Subtract(killed).TotalSeconds:F1}");
        Table.Row($"longest request before, s", $"{Seconds(asked.Where(one => one.Ended < killed)):F2}");
        Table.Row($"longest request after, s", $"{Seconds(asked.Where(one => one.Ended >= killed)):F2}");
        Faults.Print(failed.Select(one => one.Reply.Fault));
        return wrong == 0 && back.Count == count;
    }

    /// <summary>When each classifier first gave an answer to a question asked after the kill.</summary>
    private static Dictionary<int, TimeSpan> Answered(IEnumerable<Asked> asked, TimeSpan killed) =>
        asked.Where(one => one.Began > killed && one.Reply.IsRight).GroupBy(one => one.Classifier).ToDictionary(same => same.Key, same => same.Min(one => one.Ended));

    private static double Seconds(IEnumerable<Asked> asked) => new Latency(asked.Select(one => one.Took)).Longest / 1000;
}
