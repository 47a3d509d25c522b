using System.Globalization;
using MLExt.Reports;
using MLExt.Training;

namespace MLExt.Commands;

/// <summary>Shows where a training run is.</summary>
internal sealed class TrainingView(ProgressDisplay display)
{
    /// <summary>Shows a change.</summary>
    public void Show(TrainingMoment now)
    {
        if (now.Phase == TrainingPhase.Reading)
        {
            display.Report(now.Progress, $"Reading images: {now.ImagesRead} of {now.Images}");
            return;
        }

        var validated = now is { ValidationAccuracy: { } accuracy, BestAccuracy: { } best } ? $", validation {Number(accuracy)}, best {Number(best)}" : "";
        // A training that goes on when its time is spent makes no step.
        var loss = now.TrainLoss is { } mean && float.IsFinite(mean) ? $", loss {Number(mean)}" : "";
        display.Report(now.Progress, $"Epoch {now.Epoch}{loss}{validated}", now.IsValidation);
    }

    private static string Number(float value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
