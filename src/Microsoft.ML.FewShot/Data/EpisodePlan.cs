using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Which examples the tasks of a batch are made of. Support samples are the labelled ones of class 0, of class 1, ..., then the unlabelled ones
/// in the same order; queries are those of class 0, of class 1, and so on, and those of classes that the task has not come in a
/// list of their own.</summary>
internal sealed class EpisodePlan
{
    public EpisodePlan(int batchSize, int ways, int shots, int unlabeled, int queries, int unknownWays = 0)
    {
        (BatchSize, Ways, Shots, Unlabeled, Queries, Place) = (batchSize, ways, shots, unlabeled, queries, (0, batchSize));
        Support = new ExampleDraw[batchSize * Samples];
        Candidates = new float[batchSize * Samples * ways];
        Query = new ExampleDraw[batchSize * ways * queries];
        Unknown = new ExampleDraw[batchSize * unknownWays * queries];
        Classes = new int[batchSize * ways];
    }

    /// <summary>The tasks B.</summary>
    public int BatchSize { get; }

    /// <summary>Where these tasks lie among those of all processes of a team, and how many those are.</summary>
    public (int First, int Total) Place { get; private init; }

    /// <summary>The classes W of each task.</summary>
    public int Ways { get; }

    /// <summary>The labelled samples of a class.</summary>
    public int Shots { get; }

    /// <summary>The unlabelled samples of a class.</summary>
    public int Unlabeled { get; }

    /// <summary>The queries of a class.</summary>
    public int Queries { get; }

    /// <summary>The support samples N of a task.</summary>
    public int Samples => Ways * (Shots + Unlabeled);

    /// <summary>[B, N].</summary>
    public ExampleDraw[] Support { get; }

    /// <summary>[B, N, W]: 1 where a sample may belong to a class.</summary>
    public float[] Candidates { get; }

    /// <summary>[B, Q].</summary>
    public ExampleDraw[] Query { get; }

    /// <summary>[B, U]: queries of classes that the task has not.</summary>
    public ExampleDraw[] Unknown { get; }

    /// <summary>[B, W]: the classes of the pool.</summary>
    public int[] Classes { get; }

    /// <summary>[B, W]: the rows of the label tables; null means the first ones.</summary>
    public long[]? SlotRows { get; init; }

    /// <summary>The tasks of a process of a team.</summary>
    public EpisodePlan Part(Team team)
    {
        if (team.IsAlone)
        {
            return this;
        }

        var (first, count) = team.Part(BatchSize, "tasks");
        var part = new EpisodePlan(count, Ways, Shots, Unlabeled, Queries, Unknown.Length / (BatchSize * Queries))
        {
            Place = (first, BatchSize),
            SlotRows = SlotRows?[(first * Ways)..((first + count) * Ways)],
        };
        Take(Support, part.Support);
        Take(Candidates, part.Candidates);
        Take(Query, part.Query);
        Take(Unknown, part.Unknown);
        Take(Classes, part.Classes);
        return part;

        void Take<T>(T[] all, T[] own) => Array.Copy(all, all.Length / BatchSize * first, own, 0, own.Length);
    }

    /// <summary>[B, Q]: the slot of each query's class.</summary>
    public long[] QueryLabels() => [.. Enumerable.Range(0, Query.Length).Select(i => (long)(i / Queries % Ways))];
}
