using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Training;
using Metrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.ImageClassificationMetrics;
using BottleneckMetrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.BottleneckMetrics;
using TrainMetrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.TrainMetrics;

namespace Microsoft.ML.TTT;

/// <summary>Turns the loop's progress into what callbacks and logs get, and a cancelled context into a cancelled training.</summary>
internal sealed class TttProgress(
    TTTImageClassificationTrainer.Options options, IHost host, IChannel channel, CancellationTokenSource cancellation, int skipped)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    public void Report(TrainingProgress progress)
    {
        FollowContext();

        if (options.MetricsCallback is null && !progress.IsEpochEnd && progress.Validation is null)
        {
            return; // a log has one line per epoch
        }

        Send(progress, Metrics.Dataset.Train, progress.TrainingAccuracy, progress.TrainingLoss);
        if (progress.Validation is { } validation)
        {
            Send(progress, Metrics.Dataset.Validation, validation.Accuracy, validation.Loss);
        }
    }

    /// <summary>Tells how many images have a backbone's features; now and then.</summary>
    public void ReportFeatures(int done, int total)
    {
        FollowContext();

        options.MetricsCallback?.Invoke(new Metrics(new BottleneckMetrics(done, total), TimeProvider.System.GetElapsedTime(_start), skipped));
        if (done == total)
        {
            channel.Info(MessageSensitivity.None, $"The backbone's features of {total} images are computed.");
        }
    }

    private void FollowContext()
    {
        if (CatalogEnvironment.IsCanceled(host))
        {
            cancellation.Cancel();
        }
    }

    private void Send(TrainingProgress progress, Metrics.Dataset dataset, double accuracy, double loss)
    {
        var rate = (float)(options.LearningRate * progress.LearningRateScale);
        var metrics = new TrainMetrics(dataset, progress.Batch, progress.Epoch, (float)accuracy, (float)loss, rate);
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
