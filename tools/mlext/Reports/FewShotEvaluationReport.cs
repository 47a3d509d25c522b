using Microsoft.ML.FewShot;
using MLExt.Commands.FewShot;

namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext few-shot evaluate</c>.</summary>
/// <param name="options">The tasks.</param>
/// <param name="results">The model's result, then those of the baselines.</param>
/// <param name="files">For each result the file of its model; null for the model that is measured and what stands on its embedding.</param>
/// <param name="seconds">Seconds from the start of the command to this report.</param>
internal sealed class FewShotEvaluationReport(FewShotEvaluationOptions options, IReadOnlyList<FewShotMetrics> results, IReadOnlyList<string?> files, double seconds)
{
    /// <summary>Share of right answers as the mean over the tasks, 0 to 1.</summary>
    public double Accuracy { get; } = results[0].Accuracy;

    /// <summary>Half the width of its 95 % interval.</summary>
    public double Confidence95 { get; } = results[0].ConfidenceHalfWidth95;

    /// <summary>The number of tasks.</summary>
    public int Tasks { get; } = results[0].Tasks;

    /// <summary>The kind of tasks in words.</summary>
    public string Protocol { get; } = FewShotTable.Protocol(options);

    /// <summary>Classes of a task.</summary>
    public int Ways { get; } = options.Ways;

    /// <summary>Labelled examples of each class.</summary>
    public int Shots { get; } = options.Shots;

    /// <summary>Unlabelled examples of each class.</summary>
    public int Unlabeled { get; } = options.Unlabeled;

    /// <summary>Images of each class that were classified.</summary>
    public int Queries { get; } = options.Queries;

    /// <summary>Classes that a task had images of to be rejected.</summary>
    public int UnknownWays { get; } = options.UnknownWays;

    /// <summary>Area under the ROC curve of a task's own images against those of other classes, by the known score, as the mean over the tasks; null without other classes.</summary>
    public double? Auroc { get; } = results[0].Auroc;

    /// <summary>Share of a task's own images that were rejected, as the mean over the tasks; null without other classes.</summary>
    public double? FalseRejections { get; } = results[0].FalseRejections;

    /// <summary>Whether all classes of a task came from one group.</summary>
    public bool WithinGroup { get; } = options.WithinGroup;

    /// <summary>Whether answers depended on the other queries of their task.</summary>
    public bool IsTransductive { get; } = options.IsTransductive;

    /// <summary>The seed of the tasks.</summary>
    public int Seed { get; } = options.Seed;

    /// <summary>The method that the model was trained for.</summary>
    public string Method { get; } = FewShotMethodNames.Of(results[0].Method);

    /// <summary>Other methods on the same tasks.</summary>
    public IReadOnlyList<BaselineFigures> Baselines { get; } = [.. results.Zip(files, (result, file) => new BaselineFigures(
        FewShotTable.NameOf(result, file), result.Accuracy, result.ConfidenceHalfWidth95, result.Difference, result.DifferenceConfidenceHalfWidth95)).Skip(1)];

    /// <summary>The model file, <c>symbols</c> or <c>photographs</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The data set.</summary>
    public required string DataSet { get; init; }

    /// <summary>Images in the data set.</summary>
    public required int Images { get; init; }

    /// <summary>Images among them that could not be decoded.</summary>
    public int Skipped { get; } = results[0].SkippedRows;

    /// <summary>Classes in the data set.</summary>
    public required int Classes { get; init; }

    /// <summary>Seconds from the start of the command to this report.</summary>
    public double Seconds { get; } = Math.Round(seconds, 3);

    /// <summary>What computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The software that computed.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = SoftwareVersions.All();
}
