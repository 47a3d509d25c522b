namespace Microsoft.ML.FewShot.Data;

/// <summary>What tasks an <see cref="EpisodeSampler"/> draws. All tasks of a batch have the same ways, shots and unlabelled samples.</summary>
internal sealed record EpisodeSettings
{
    /// <summary>The tasks B of a batch.</summary>
    public int Tasks { get; init; } = 16;

    /// <summary>The classes of a task.</summary>
    public IntRange Ways { get; init; } = 20;

    /// <summary>The labelled samples of a class.</summary>
    public IntRange Shots { get; init; } = 1;

    /// <summary>The unlabelled samples of a class.</summary>
    public IntRange Unlabelled { get; init; } = 0;

    /// <summary>The queries of a class.</summary>
    public int Queries { get; init; } = 5;

    /// <summary>The probability that an unlabelled sample comes with some candidate classes, its own among them, instead of all.</summary>
    public double PartialProbability { get; init; }

    /// <summary>The rows of the label tables, of which a task uses a random choice; 0 means that the classes use the first rows in order.</summary>
    public int SlotRows { get; init; }

    /// <summary>Whether all classes of a task come from one group.</summary>
    public bool WithinGroup { get; init; }

    /// <summary>How images are varied.</summary>
    public ClassVariation Variation { get; init; } = ClassVariation.None;

    /// <summary>The examples that a class needs.</summary>
    public int ExamplesPerClass => Shots.High + Unlabelled.High + Queries;
}
