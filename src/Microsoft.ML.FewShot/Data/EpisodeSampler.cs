using Microsoft.ML.VisionCore.Seeding;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Draws tasks. What is drawn depends on (seed, epoch, number) only; immutable, for any number of threads.</summary>
internal sealed class EpisodeSampler
{
    private readonly EpisodeSettings _settings;
    private readonly int _seed;
    private readonly int[][] _groups;

    /// <param name="pool">The classes. Those with too few examples are not drawn.</param>
    /// <param name="settings">What the tasks are like.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="InvalidOperationException">The pool, or within groups every group, has too few classes with enough examples.</exception>
    public EpisodeSampler(ExamplePool pool, EpisodeSettings settings, int seed)
    {
        Pool = pool;
        _settings = pool.Shape.IsImage ? settings : settings with { Variation = ClassVariation.None };
        _seed = seed;
        var usable = Enumerable.Range(0, pool.Classes.Count).Where(number => pool.Classes[number].Examples.Length >= settings.ExamplesPerClass).ToArray();
        var needed = settings.Ways.High + settings.UnknownWays;
        if (usable.Length < needed)
        {
            throw new InvalidOperationException($"{Needs()}; the data has {usable.Length} such classes. "
                + $"In a task a class has {settings.ExamplesPerClass - settings.Queries} in the support set and {settings.Queries} among the queries.");
        }

        var groups = usable.GroupBy(number => pool.Classes[number].Group);
        _groups = settings.WithinGroup ? [.. groups.Where(group => group.Key is not null && group.Count() >= needed).Select(group => group.ToArray())]
            : settings.Groups > 0 ? [.. groups.Select(group => group.ToArray())]
            : [usable];
        if (_groups.Length == 0)
        {
            throw new InvalidOperationException($"{Needs()} in one group; no group of the data has as many.");
        }
    }

    public ExamplePool Pool { get; }

    /// <summary>Draws the batch of tasks that has this number in this epoch.</summary>
    public EpisodePlan Draw(int epoch, int number)
    {
        var random = SeededRandom.Create(_seed, RandomPurpose.Episode, epoch, number);
        var (ways, shots, unlabeled) = (_settings.Ways.Draw(random), _settings.Shots.Draw(random), _settings.Unlabeled.Draw(random));
        var plan = new EpisodePlan(_settings.BatchSize, ways, shots, unlabeled, _settings.Queries, _settings.UnknownWays)
        {
            SlotRows = _settings.SlotRows > 0 ? DrawSlotRows(ways, random) : null,
        };
        for (var task = 0; task < plan.BatchSize; task++)
        {
            DrawTask(plan, task, random);
        }

        return plan;
    }

    private string Needs()
    {
        var (ways, unknown, noun) = (_settings.Ways.High, _settings.UnknownWays, Pool.Shape.Noun);
        return $"{ways}-way{(unknown > 0 ? $" with {unknown} unknown classes" : "")} needs {ways + unknown} classes with at least {_settings.ExamplesPerClass} {noun}";
    }

    private void DrawTask(EpisodePlan plan, int task, Random random)
    {
        // Classes that are turned each on its own would be easier to tell apart than classes are.
        var orientation = _settings.Variation.DrawOrientation(random);
        var classes = DrawCandidates(plan.Ways + _settings.UnknownWays, random);
        for (var slot = 0; slot < plan.Ways; slot++)
        {
            var number = classes.TakeRandom(slot, random);
            plan.Classes[(task * plan.Ways) + slot] = number;
            DrawClass(plan, task, slot, number, orientation, random);
        }

        // Last, so that the rest of a task is the same with other classes and without.
        for (var other = 0; other < _settings.UnknownWays; other++)
        {
            var next = Examples(classes.TakeRandom(plan.Ways + other, random), orientation, random);
            for (var i = 0; i < plan.Queries; i++)
            {
                plan.Unknown[(((task * _settings.UnknownWays) + other) * plan.Queries) + i] = next();
            }
        }
    }

    // Different examples of a class, one a call.
    private Func<ExampleDraw> Examples(int number, byte orientation, Random random)
    {
        int[] examples = [.. Pool.Classes[number].Examples];
        var taken = 0;
        return () => new(examples.TakeRandom(taken++, random), orientation, _settings.Variation.DrawAffine(random), _settings.Variation.DrawStroke(random));
    }

    // The classes that a task is drawn from.
    private int[] DrawCandidates(int ways, Random random)
    {
        if (_groups.Length == 1)
        {
            return [.. _groups[0]];
        }

        var wanted = _settings.WithinGroup ? 1 : _settings.Groups;
        int[][] order = [.. _groups];
        List<int> classes = [];
        for (var place = 0; place < order.Length && (place < wanted || classes.Count < ways); place++)
        {
            classes.AddRange(order.TakeRandom(place, random));
        }

        return [.. classes];
    }

    private void DrawClass(EpisodePlan plan, int task, int slot, int number, byte orientation, Random random)
    {
        var next = Examples(number, orientation, random);
        var first = task * plan.Samples;
        for (var i = 0; i < plan.Shots; i++)
        {
            var sample = first + (slot * plan.Shots) + i;
            plan.Support[sample] = next();
            plan.Candidates[(sample * plan.Ways) + slot] = 1;
        }

        for (var i = 0; i < plan.Unlabeled; i++)
        {
            var sample = first + (plan.Ways * plan.Shots) + (slot * plan.Unlabeled) + i;
            plan.Support[sample] = next();
            plan.Candidates.AsSpan(sample * plan.Ways, plan.Ways).Fill(1); // any class
        }

        for (var i = 0; i < plan.Queries; i++)
        {
            plan.Query[(((task * plan.Ways) + slot) * plan.Queries) + i] = next();
        }
    }

    private long[] DrawSlotRows(int ways, Random random)
    {
        var rows = new long[_settings.BatchSize * ways];
        for (var task = 0; task < _settings.BatchSize; task++)
        {
            var all = Enumerable.Range(0, _settings.SlotRows).ToArray();
            for (var slot = 0; slot < ways; slot++)
            {
                rows[(task * ways) + slot] = all.TakeRandom(slot, random);
            }
        }

        return rows;
    }
}
