using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.FewShot;

/// <summary>Which tasks an evaluation draws from a data set of classes, and who is to solve them.</summary>
public sealed class FewShotEvaluationOptions
{
    /// <summary>The name of the label column, a key of type <see cref="uint"/> whose values tasks draw their classes from. The default value is "Label".</summary>
    public string LabelColumnName { get; set; } = FewShotClassifierOptions.Defaults.LabelColumnName;

    /// <summary>The name of the column of images or features. The default value is "Features".</summary>
    public string FeatureColumnName { get; set; } = FewShotClassifierOptions.Defaults.FeatureColumnName;

    private const int DefaultWays = 20;

    private int? _ways;

    /// <summary>The classes of a task, 2 and up. The default value is 20; where nothing else is set, a model for fewer classes gets tasks of as many as it can have.</summary>
    public int Ways
    {
        get => _ways ?? DefaultWays;
        set => _ways = value;
    }

    /// <summary>The labelled samples of each class, 1 and up. The default value is 1.</summary>
    public int Shots { get; set; } = 1;

    /// <summary>The unlabelled samples of each class in the support set, 0 and up. The default value is 0.</summary>
    public int Unlabeled { get; set; }

    /// <summary>The samples of each class that are asked for, 1 and up. The default value is 5.</summary>
    public int Queries { get; set; } = 5;

    /// <summary>
    /// The classes of which a task has queries and no samples, 0 and up: how well a classifier with <see cref="FewShotClassifierOptions.RejectUnknown"/> tells them
    /// from its own, is measured too. The default value is 0: it is not.
    /// </summary>
    public int UnknownWays { get; set; }

    /// <summary>The number of tasks, 2 and up. The default value is 600.</summary>
    public int Tasks { get; set; } = 600;

    /// <summary>Equal seeds draw equal tasks. The default value is 0.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// Whether all classes of a task come from one group. The group of a class is what its name says before the last slash, as in
    /// "Greek/alpha". The default value is false.
    /// </summary>
    public bool WithinGroup { get; set; }

    /// <summary>
    /// Whether the layers are normalised with the statistics of all queries of a task, as in the paper's code. An answer then depends on the
    /// other questions, which makes the task easier. The default value is false: inductive.
    /// </summary>
    public bool IsTransductive { get; set; }

    /// <summary>The methods that solve the same tasks on the same embedding for comparison. The default value is none.</summary>
    public IReadOnlyList<FewShotMethod> Baselines { get; set; } = [];

    /// <summary>Told how many tasks are done, of all methods and models together; 0, again and again, while photographs are embedded. The default value is null.</summary>
    public Action<int>? Progress { get; set; }

    /// <summary>Stops the evaluation with an <see cref="OperationCanceledException"/>. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Everything that is wrong with these options by themselves.</summary>
    internal IEnumerable<string> Violations() =>
    [
        .. OptionCheck.Missing((nameof(Baselines), Baselines)),
        .. OptionCheck.Columns((nameof(LabelColumnName), LabelColumnName ?? ""), (nameof(FeatureColumnName), FeatureColumnName ?? "")),
        .. OptionCheck.Outside(
            (nameof(Ways), Ways, 2, 10_000),
            (nameof(Shots), Shots, 1, 10_000),
            (nameof(Unlabeled), Unlabeled, 0, 10_000),
            (nameof(Queries), Queries, 1, 10_000),
            (nameof(Tasks), Tasks, 2, 1_000_000),
            (nameof(UnknownWays), UnknownWays, 0, 10_000)),
        .. UnknownWays > 0 && IsTransductive ? new[] { $"{nameof(UnknownWays)} must be 0 where {nameof(IsTransductive)}: what is rejected does not depend on other queries." } : [],
    ];

    /// <summary>Brings the default number of classes down to what a model can have; one that was set is left as it is.</summary>
    internal void FitTo(int mostWays) => _ways ??= Math.Min(DefaultWays, mostWays);

    internal FewShotEvaluationOptions Copy()
    {
        var copy = (FewShotEvaluationOptions)MemberwiseClone();
        copy.Baselines = Baselines is null ? null! : [.. Baselines]; // null is refused by the check that follows
        return copy;
    }
}
