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
            ValidationTime = clock.ValidationTime,
            Validation = validation,
            Best = state.Best,
            IsEpochEnd = isEpochEnd,
        };
    }
}

/// <summary>Where a run is. Immutable.</summary>
internal sealed record TrainingProgress
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches done in this epoch.</summary>
    public required int Batch { get; init; }

    public required int BatchesPerEpoch { get; init; }

    /// <summary>Batches done in the run.</summary>
    public required long Step { get; init; }

    /// <summary>How much of the run is done, in [0, 1].</summary>
    public required double Progress { get; init; }

    /// <summary>The schedule's factor on every learning rate, in [0, 1].</summary>
    public required double LearningRateScale { get; init; }

    /// <summary>The mean training loss of this epoch so far.</summary>
    public required double TrainingLoss { get; init; }

    /// <summary>The share of right answers in this epoch's training so far, in [0, 1]; on varied images.</summary>
    public required double TrainingAccuracy { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> that went into validations.</summary>
    public TimeSpan ValidationTime { get; init; }

    /// <summary>Set after a validation, otherwise null.</summary>
    public ValidationMetrics? Validation { get; init; }

    /// <summary>The best validation so far.</summary>
    public ValidationMetrics? Best { get; init; }

    public bool IsEpochEnd { get; init; }

    /// <summary>One line for a log, in the invariant culture.</summary>
    public override string ToString()
    {
        var line = FormattableString.Invariant($"epoch {Epoch}, step {Step}, {Progress:P0} done after {Elapsed.TotalSeconds:F1} s: training loss {TrainingLoss:F4}");
        return Validation is null ? line : line + FormattableString.Invariant($", validation loss {Validation.Loss:F4}, accuracy {Validation.Accuracy:P2}");
    }
}
