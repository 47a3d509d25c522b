using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Training;
using Metrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.ImageClassificationMetrics;
using TrainMetrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.TrainMetrics;

namespace Microsoft.ML.TTT;

/// <summary>Turns the loop's progress into what callbacks and logs get, and a cancelled context into a cancelled training.</summary>
internal sealed class TttProgress(TTTImageClassificationTrainer.Options options, IHost host, IChannel channel, CancellationTokenSource cancellation, int skipped)
{
    public void Report(TrainingProgress progress)
    {
        if (CatalogEnvironment.IsCanceled(host))
        {
            cancellation.Cancel();
        }

        if (options.MetricsCallback is null && !progress.IsEpochEnd && progress.Validation is null)
        {
            return; // a log has one line per epoch
        }

        var rate = (float)(options.LearningRate * progress.RateFactor);
        Send(new TrainMetrics(Metrics.Dataset.Train, progress.Batch, progress.Epoch, (float)progress.TrainingAccuracy, (float)progress.TrainingLoss, rate), progress);
        if (progress.Validation is { } validation)
        {
            Send(new TrainMetrics(Metrics.Dataset.Validation, progress.Batch, progress.Epoch, (float)validation.Accuracy, (float)validation.Loss, rate), progress);
        }
    }

    private void Send(TrainMetrics metrics, TrainingProgress progress)
    {
        if (options.MetricsCallback is { } callback)
        {
            callback(new Metrics(metrics, progress.Progress, progress.Elapsed, skipped));
        }
        else
        {
            channel.Info(MessageSensitivity.None, metrics.ToString());
        }
    }
}
