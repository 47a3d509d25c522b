using System.Globalization;

namespace Microsoft.ML.FewShot;

/// <summary>How a training is going. Immutable, and a new one at each call.</summary>
public sealed class FewShotTrainingMetrics
{
    internal FewShotTrainingMetrics(string stage, long step, float loss, float accuracy, float? validationAccuracy, double progress, TimeSpan elapsed, int skippedRows)
    {
        Stage = stage;
        Step = step;
        Loss = loss;
        Accuracy = accuracy;
        ValidationAccuracy = validationAccuracy;
        Progress = progress;
        Elapsed = elapsed;
        SkippedRows = skippedRows;
    }

    /// <summary>What is being trained: the parts of a model are trained one after another.</summary>
    public string Stage { get; }

    /// <summary>The number of steps done in the stage.</summary>
    public long Step { get; }

    /// <summary>The mean training loss since the stage's last epoch began; not a number where no step was made, as in a training that goes on when its time is spent.</summary>
    public float Loss { get; }

    /// <summary>The share of right answers in training since the stage's last epoch began, in [0, 1].</summary>
    public float Accuracy { get; }

    /// <summary>The share of right answers on tasks of classes that training never sees, in [0, 1]; null where this call does not follow a validation.</summary>
    public float? ValidationAccuracy { get; }

    /// <summary>How much of the whole training is done, in [0, 1].</summary>
    public double Progress { get; }

    /// <summary>Time spent in training so far.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows that were left out because they have no label, or no image or features that can be read.</summary>
    public int SkippedRows { get; }

    /// <summary>The metrics as one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Stage: {Stage}, Step: {Step}, Loss: {Loss:F4}, Accuracy: {Accuracy:F4}{(ValidationAccuracy is { } value ? $", Validation Accuracy: {value:F4}" : "")}");
}
