using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Which tasks an evaluation draws. Equal protocols draw equal tasks from equal pools, whoever solves them.</summary>
internal sealed record TaskProtocol
{
    /// <summary>The classes W of a task.</summary>
    public int Ways { get; init; } = 20;

    /// <summary>The labelled samples of a class.</summary>
    public int Shots { get; init; } = 1;

    /// <summary>The unlabelled samples of a class in the support set.</summary>
    public int Unlabelled { get; init; }

    /// <summary>The queries of a class.</summary>
    public int Queries { get; init; } = 5;

    /// <summary>The number of tasks, 2 or more.</summary>
    public int Tasks { get; init; } = 600;

    /// <summary>The seed of the draws.</summary>
    public int Seed { get; init; }

    /// <summary>Whether all classes of a task come from one group.</summary>
    public bool WithinGroup { get; init; }

    /// <summary>One task a batch, so that a task depends on its number alone.</summary>
    internal EpisodeSettings Episodes => new()
    {
        Tasks = 1,
        Ways = Ways,
        Shots = Shots,
        Unlabelled = Unlabelled,
        Queries = Queries,
        WithinGroup = WithinGroup,
    };
}
