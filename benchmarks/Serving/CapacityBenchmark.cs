using System.Diagnostics;
using Microsoft.ML.FewShot.Hosting;

namespace MLExtensions.Serving;

/// <summary>Many classifiers on one silo: how long it takes to make them, what they take, and how soon they answer from the store and from memory.</summary>
/// <param name="store">The store.</param>
/// <param name="count">How many classifiers.</param>
/// <param name="tenants">How many tenants have them.</param>
internal sealed class CapacityBenchmark(string store, int count, int tenants) : IDisposable
{
    private const int Measured = 200, Loaded = 1000, Seed = 1;
    private const double Mega = 1 << 20, Kilo = 1 << 10;

    /// <summary>After so long without a question a silo lets a classifier go.</summary>
    private static readonly TimeSpan Idle = new HostedClassifierOptions().IdleTime;

    private readonly Workplace _place = new(store, classifiers: (count / tenants) + 2);
    private readonly KnownClassifier[] _all = KnownClassifier.Some(count + 1, tenants);

    /// <summary>The first, which makes a server load what it needs before anything is measured.</summary>
    private KnownClassifier Warming => _all[^1];

    /// <summary>Runs it.</summary>
    internal async Task Run()
    {
        Console.WriteLine($"{count} classifiers of {tenants} tenants on one silo, {_place.Store.Description}, {Environment.ProcessorCount} cores");
        var server = _place.Start(1)[0];
        await Create(server).ConfigureAwait(false);
        await server.End().ConfigureAwait(false);
        await server.StartAgain().ConfigureAwait(false);
        await Read(server).ConfigureAwait(false);
        await _place.End().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private async Task Create(Server server)
    {
        await server.Client.Create(Warming).ConfigureAwait(false);
        await Ask(server, [Warming]).ConfigureAwait(false);
        var (memory, size) = (server.ResidentBytes, await _place.Store.Size().ConfigureAwait(false));
        var (made, tenth) = (0, Math.Max(1, count / 10));
        var (watch, first, last) = (Stopwatch.StartNew(), TimeSpan.Zero, TimeSpan.Zero);
        await Workplace.Create(server.Client, _all[..count], () =>
        {
            var sum = Interlocked.Increment(ref made);
            if (sum == tenth)
            {
                first = watch.Elapsed;
            }

            if (sum == count - tenth)
            {
                last = watch.Elapsed;
            }

            if (sum % tenth == 0)
            {
                Console.Error.WriteLine($"{sum} of {count}");
            }
        }).ConfigureAwait(false);
        var took = watch.Elapsed;
        var (after, sizeAfter) = (server.ResidentBytes, await _place.Store.Size().ConfigureAwait(false));

        Table.Head("making them", "");
        Table.Row($"classifiers per second", $"{count / took.TotalSeconds:F1}");
        Table.Row($"the first tenth", $"{tenth / first.TotalSeconds:F1}");
        Table.Row($"the last tenth", $"{tenth / (took - last).TotalSeconds:F1}");
        Table.Row($"resident memory before, MB", $"{memory / Mega:F0}");
        Table.Row($"and after, MB", $"{after / Mega:F0}");
        Table.Row($"memory each, KB", $"{(took < Idle ? FormattableString.Invariant($"{(after - memory) / Kilo / count:F1}") : $"not known: it took {took.TotalMinutes:F0} minutes, and after {Idle.TotalMinutes:F0} the first ones left")}");
        Table.Row($"the store before, MB", $"{size / Mega:F1}");
        Table.Row($"and after, MB", $"{sizeAfter / Mega:F1}");
        Table.Row($"the store each, KB", $"{(sizeAfter - size) / Kilo / count:F1}");
    }

    private async Task Read(Server server)
    {
        await Ask(server, [Warming]).ConfigureAwait(false);
        var order = _all[..count];
        new Random(Seed).Shuffle(order);
        var few = order[..Math.Min(Measured, (count + 1) / 2)];
        var more = order[few.Length..Math.Min(few.Length + Loaded, count)];

        Table.Head("after a new start", "median, ms", "99th percentile, ms");
        Table.Row($"the first question to each of {few.Length}", $"{await Ask(server, few).ConfigureAwait(false)}");
        Table.Row($"the second", $"{await Ask(server, few).ConfigureAwait(false)}");
        if (more.Length > 0)
        {
            var memory = server.ResidentBytes;
            await Ask(server, more).ConfigureAwait(false);
            Table.Head("loaded from the store", "");
            Table.Row($"resident memory before, MB", $"{memory / Mega:F0}");
            Table.Row($"and after {more.Length} more, MB", $"{server.ResidentBytes / Mega:F0}");
            Table.Row($"memory each, KB", $"{(server.ResidentBytes - memory) / Kilo / more.Length:F1}");
        }
    }

    private static async Task<string> Ask(Server server, IEnumerable<KnownClassifier> classifiers)
    {
        var times = new List<TimeSpan>();
        foreach (var classifier in classifiers)
        {
            var watch = Stopwatch.StartNew();
            var reply = await server.Client.Ask(classifier, classifier.Glyphs.First()).ConfigureAwait(false);
            times.Add(watch.Elapsed);
            if (!reply.IsRight)
            {
                throw new InvalidOperationException($"{classifier.Name} of {classifier.Tenant}: {reply.Fault ?? "the answer is wrong"}.");
            }
        }

        return new Latency(times).Cells;
    }
}
