using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Turns the loop's progress into what callbacks and logs get, and a cancelled context into a cancelled training.</summary>
/// <param name="callback">Null means that one line per epoch goes to the log.</param>
/// <param name="host">The host of the training.</param>
/// <param name="channel">Where lines go.</param>
/// <param name="cancellation">Cancelled with the context.</param>
/// <param name="shares">The share of the run that every stage takes, in order.</param>
/// <param name="skipped">Rows left out.</param>
internal sealed class FewShotReports(Action<FewShotTrainingMetrics>? callback, IHost host, IChannel channel, CancellationTokenSource cancellation,
    IReadOnlyList<double> shares, int skipped)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public void Report(FewShotProgress progress)
    {
        if (CatalogEnvironment.IsCanceled(host))
        {
            cancellation.Cancel();
        }

        var training = progress.Training;
        if (callback is null && !training.IsEpochEnd && training.Validation is null)
        {
            return; // a log has one line per epoch
        }

        var done = (shares.Take(progress.StageNumber - 1).Sum() + (shares[progress.StageNumber - 1] * training.Progress)) / shares.Sum();
        var metrics = new FewShotTrainingMetrics(NameOf(progress.Stage), training.Step, (float)training.TrainingLoss, (float)training.TrainingAccuracy,
            (float?)training.Validation?.Accuracy, Math.Min(1, done), TimeProvider.System.GetElapsedTime(_start), skipped);
        if (callback is not null)
        {
            callback(metrics);
        }
        else
        {
            channel.Info(MessageSensitivity.None, metrics.ToString());
        }
    }

    /// <summary>How users are told of a stage.</summary>
    public static string NameOf(FewShotStage stage) => stage switch
    {
        FewShotStage.Backbone => "embedding",
        FewShotStage.Clusters => "clusters",
        FewShotStage.Logits => "generator",
        _ => "tasks",
    };
}
