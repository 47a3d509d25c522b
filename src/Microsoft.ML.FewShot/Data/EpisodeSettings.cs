namespace Microsoft.ML.FewShot.Data;

/// <summary>What tasks an <see cref="EpisodeSampler"/> draws. All tasks of a batch have the same ways, shots and unlabelled samples.</summary>
internal sealed record EpisodeSettings
{
    /// <summary>The tasks B of a batch.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The classes of a task.</summary>
    public IntRange Ways { get; init; } = 20;

    /// <summary>The labelled samples of a class.</summary>
    public IntRange Shots { get; init; } = 1;

    /// <summary>The unlabelled samples of a class.</summary>
    public IntRange Unlabeled { get; init; } = 0;

    /// <summary>The queries of a class.</summary>
    public int Queries { get; init; } = 5;

    /// <summary>The classes that a task has queries of, and no samples.</summary>
    public int UnknownWays { get; init; }

    /// <summary>The rows of the label tables, of which a task uses a random choice; 0 means that the classes use the first rows in order.</summary>
    public int SlotRows { get; init; }

    /// <summary>Whether all classes of a task come from one group.</summary>
    public bool WithinGroup { get; init; }

    /// <summary>
    /// The groups that the classes of a task come from, and more where these have too few classes: classes that are related are harder to tell apart. 0 means
    /// all classes alike. <see cref="WithinGroup"/> goes before it.
    /// </summary>
    public int Groups { get; init; }

    /// <summary>How images are varied.</summary>
    public ClassVariation Variation { get; init; } = ClassVariation.None;

    /// <summary>The examples that a class needs.</summary>
    public int ExamplesPerClass => Shots.High + Unlabeled.High + Queries;

    /// <summary>The support samples and queries of a batch, in the mean.</summary>
    public int MeanExamples => BatchSize * (Ways.Low + Ways.High) * (Shots.Low + Shots.High + Unlabeled.Low + Unlabeled.High + (2 * Queries)) / 4;

    /// <summary>
    /// As many ways, shots, unlabelled samples and queries of this as a pool has classes and examples for. Where examples are scarce, at least one sample
    /// and one query of a class stay.
    /// </summary>
    public EpisodeSettings FittedTo(ExamplePool pool)
    {
        int[] sizes = [.. pool.Classes.Select(one => one.Examples.Length).Where(size => size >= 2).OrderDescending()];
        if (sizes.Length < 2)
        {
            return this;
        }

        var ways = Ways.UpTo(sizes.Length);
        var examples = sizes[ways.High - 1];
        if (examples >= ExamplesPerClass)
        {
            return this with { Ways = ways };
        }

        var shots = Shots.UpTo(Math.Max(1, examples / 3));
        var queries = Math.Clamp((examples - shots.High) / 2, 1, Queries);
        return this with { Ways = ways, Shots = shots, Queries = queries, Unlabeled = Unlabeled.UpTo(examples - shots.High - queries) };
    }
}
