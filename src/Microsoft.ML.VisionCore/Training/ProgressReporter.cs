using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Tells the callback where a run is; where there is none, the log, once an epoch.</summary>
internal sealed class ProgressReporter(TrainingSettings settings, TrainingClock clock, int batchesPerEpoch, IChannel channel)
{
    private TimeSpan _lastReport;
    private double _trainingLoss = double.NaN, _trainingAccuracy = double.NaN;

    public void ReportIfDue(TrainingState state, double learningRateScale)
    {
        if (settings.Progress is not null && clock.Elapsed - _lastReport >= settings.ProgressInterval)
        {
            settings.Progress(Describe(state, learningRateScale, null, isEpochEnd: false));
        }
    }

    /// <summary>An epoch, or the run in the middle of one, has ended.</summary>
    public void ReportEnd(TrainingState state, double learningRateScale, ValidationMetrics? validation)
    {
        var progress = Describe(state, learningRateScale, validation, isEpochEnd: true);
        if (settings.Progress is { } callback)
        {
            callback(progress);
        }
        else
        {
            channel.Info(MessageSensitivity.None, progress.ToString());
        }
    }

    private TrainingProgress Describe(TrainingState state, double learningRateScale, ValidationMetrics? validation, bool isEpochEnd)
    {
        _lastReport = clock.Elapsed;
        if (state.Batch > 0)
        {
            (_trainingLoss, _trainingAccuracy) = (state.LossSum / state.Batch, state.AccuracySum / state.Batch);
        }

        return new TrainingProgress
        {
            Epoch = state.PresentEpoch,
            Batch = state.Batch == 0 ? batchesPerEpoch : state.Batch,
            BatchesPerEpoch = batchesPerEpoch,
            Step = state.Step,
            Progress = clock.Progress(state.Step),
            LearningRateScale = learningRateScale,
            TrainingLoss = _trainingLoss,
            TrainingAccuracy = _trainingAccuracy,
            Elapsed = _lastReport,
            Validation = validation,
            Best = state.Best,
            IsEpochEnd = isEpochEnd,
        };
    }
}
