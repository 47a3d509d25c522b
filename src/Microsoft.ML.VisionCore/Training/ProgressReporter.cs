using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Tells the callback and the log where a run is.</summary>
internal sealed class ProgressReporter(TrainingSettings settings, TrainingClock clock, int batchesPerEpoch, IChannel channel)
{
    private TimeSpan _lastReport;
    private double _trainingLoss = double.NaN;

    public void ReportIfDue(TrainingState state, double rateFactor)
    {
        if (settings.Progress is not null && clock.Elapsed - _lastReport >= settings.ProgressInterval)
        {
            settings.Progress(Describe(state, rateFactor, null, isEpochEnd: false));
        }
    }

    /// <summary>An epoch, or the run in the middle of one, has ended.</summary>
    public void ReportEnd(TrainingState state, double rateFactor, ValidationMetrics? validation)
    {
        var progress = Describe(state, rateFactor, validation, isEpochEnd: true);
        settings.Progress?.Invoke(progress);
        channel.Info(MessageSensitivity.None, progress.ToString());
    }

    private TrainingProgress Describe(TrainingState state, double rateFactor, ValidationMetrics? validation, bool isEpochEnd)
    {
        _lastReport = clock.Elapsed;
        _trainingLoss = state.Batch == 0 ? _trainingLoss : state.LossSum / state.Batch;
        return new TrainingProgress
        {
            Epoch = state.PresentEpoch,
            Batch = state.Batch == 0 ? batchesPerEpoch : state.Batch,
            BatchesPerEpoch = batchesPerEpoch,
            Step = state.Step,
            Progress = clock.Progress(state.Step),
            RateFactor = rateFactor,
            TrainingLoss = _trainingLoss,
            Elapsed = _lastReport,
            Validation = validation,
            Best = state.Best,
            IsEpochEnd = isEpochEnd,
        };
    }
}
