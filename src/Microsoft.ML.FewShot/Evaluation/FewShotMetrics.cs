using System.Globalization;
using Microsoft.ML.FewShot.Evaluation;

namespace Microsoft.ML.FewShot;

/// <summary>How well a method solves tasks of a kind. Immutable.</summary>
public sealed class FewShotMetrics
{
    internal FewShotMetrics(FewShotMethod method, FewShotEvaluationOptions protocol, int skippedRows, TaskScores scores, TaskScores? first)
    {
        Method = method;
        Accuracy = scores.Accuracy;
        ConfidenceHalfWidth95 = scores.ConfidenceHalfWidth95;
        (Difference, DifferenceConfidenceHalfWidth95) = first is null ? (0, 0) : scores.Less(first);
        Auroc = scores.Auroc;
        FalseRejections = scores.FalseRejections;
        SkippedRows = skippedRows;
        Tasks = protocol.Tasks;
        Ways = protocol.Ways;
        Shots = protocol.Shots;
        Unlabeled = protocol.Unlabeled;
        Queries = protocol.Queries;
        UnknownWays = protocol.UnknownWays;
        IsTransductive = protocol.IsTransductive;
    }

    /// <summary>The method.</summary>
    public FewShotMethod Method { get; }

    /// <summary>The share of right answers, in [0, 1], as the mean over the tasks.</summary>
    public double Accuracy { get; }

    /// <summary>Half the width of the 95 % interval of <see cref="Accuracy"/>: 1.96 standard errors over the tasks.</summary>
    public double ConfidenceHalfWidth95 { get; }

    /// <summary>This accuracy less that of the evaluated hyper-transformer on the same tasks; 0 for the hyper-transformer itself.</summary>
    public double Difference { get; }

    /// <summary>Half the width of the 95 % interval of <see cref="Difference"/>, taken task by task.</summary>
    public double DifferenceConfidenceHalfWidth95 { get; }

    /// <summary>The number of tasks.</summary>
    public int Tasks { get; }

    /// <summary>The classes of a task.</summary>
    public int Ways { get; }

    /// <summary>The labelled samples of each class.</summary>
    public int Shots { get; }

    /// <summary>The unlabelled samples of each class.</summary>
    public int Unlabeled { get; }

    /// <summary>The samples of each class that were asked for.</summary>
    public int Queries { get; }

    /// <summary>The classes of which a task had queries and no samples.</summary>
    public int UnknownWays { get; }

    /// <summary>
    /// How well the known score tells queries of a task's classes from those of other classes: the area under the ROC curve, in [0, 1], as the mean over the
    /// tasks; 0.5 is chance. Null where there were no other classes.
    /// </summary>
    public double? Auroc { get; }

    /// <summary>
    /// The share of queries of a task's classes that were taken for none of them, in [0, 1], as the mean over the tasks, where <see cref="FewShotClassifierOptions.FalseRejectionRate"/>
    /// is 0.05. Null where there were no other classes.
    /// </summary>
    public double? FalseRejections { get; }

    /// <summary>The rows that no task was drawn from, because they have no label or nothing that can be read.</summary>
    public int SkippedRows { get; }

    /// <summary>Whether answers depended on the other questions of their task.</summary>
    public bool IsTransductive { get; }

    /// <summary>The metrics as one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Method}, {Ways}-way {Shots}-shot{(Unlabeled > 0 ? $" with {Unlabeled} unlabelled" : "")}, {(IsTransductive ? "transductive" : "inductive")}: " +
        $"{100 * Accuracy:F2} % ± {100 * ConfidenceHalfWidth95:F2} over {Tasks} tasks" +
        $"{(Auroc is null ? "" : $"; against {UnknownWays} other classes AUROC {Auroc:F4}, {100 * FalseRejections:F2} % falsely rejected")}");
}
