using System.Text.Json.Serialization;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The only training loop: it knows nothing about images, models or losses. An instance makes one run.</summary>
internal sealed class TrainingLoop<TBatch>
    where TBatch : class, IDisposable
{
    private readonly ITrainable<TBatch> _trainable;
    private readonly IBatchSource<TBatch> _source;
    private readonly TrainingSettings _settings;
    private readonly IChannel _channel;
    private readonly TrainingWeights _weights;
    private readonly TrainingClock _clock;
    private readonly CheckpointKeeper _checkpoint;
    private readonly ProgressReporter _reporter;
    private readonly Team _team;
    private readonly CancellationTokenSource _agreedStop = new();
    private TrainingState _state = new();
    private double _learningRateScale;
    private long _validatedStep = -1, _averagedStep;

    public TrainingLoop(ITrainable<TBatch> trainable, IBatchSource<TBatch> source, TrainingSettings settings, IChannel channel)
    {
        _trainable = trainable;
        _source = source;
        _settings = settings;
        _channel = channel;
        _team = settings.Team;
        _weights = new TrainingWeights(trainable.State, trainable.Parameters, settings);
        _clock = new TrainingClock(settings, source.BatchesPerEpoch, trainable.ValidationCost);
        _checkpoint = new CheckpointKeeper(settings, _weights, _clock, source.BatchesPerEpoch, channel);
        _reporter = new ProgressReporter(settings, _clock, source.BatchesPerEpoch, channel);
    }

    /// <summary>Trains, and leaves the best weights in the trainable, in evaluation mode.</summary>
    /// <exception cref="InvalidOperationException">The loss was not finite before any weights had been validated; or the checkpoint belongs to another run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    public TrainingResult Run()
    {
        using (_weights)
        using (_checkpoint)
        using (_agreedStop)
        {
            _team.Broadcast(_trainable.State.Select(pair => pair.Value));
            _state = _checkpoint.Resume();
            _averagedStep = _state.Step;
            AgreeOnStop();
            _clock.Start(_state.Elapsed, _state.ValidationTime);
            var reason = RunToEnd();
            Finish(reason);
            return new TrainingResult(
                _state.PresentEpoch, _state.Step, _state.Best, _state.BestEpoch, reason, _clock.Elapsed, _clock.ValidationTime);
        }
    }

    private StopReason RunToEnd()
    {
        try
        {
            var reason = RunEpochs();
            if (reason is StopReason.Completed or StopReason.TimeBudget && _validatedStep != _state.Step)
            {
                _reporter.ReportEnd(_state, _learningRateScale, Validate());
            }

            return reason;
        }
        catch (OperationCanceledException) when (Stop.IsCancellationRequested)
        {
            return StopReason.Cancelled;
        }
    }

    private StopReason RunEpochs()
    {
        while (!Stop.IsCancellationRequested)
        {
            if (_state.IsStopping(_settings.EarlyStopping))
            {
                return StopReason.EarlyStopping;
            }

            if (_clock.IsOver(_state.Step))
            {
                return _clock.IsTimed ? StopReason.TimeBudget : StopReason.Completed;
            }

            if (RunBatches() is { } reason)
            {
                return reason;
            }

            EndEpoch();
        }

        return StopReason.Cancelled;
    }

    /// <summary>The rest of the present epoch; null when it came to its end.</summary>
    private StopReason? RunBatches()
    {
        _trainable.SetTraining(true);
        var mark = _clock.Elapsed;
        foreach (var batch in _source.ReadEpoch(_state.Epoch, _state.Batch, Stop))
        {
            var at = new StepInfo(_state.Step, _state.Epoch, _state.Batch, _clock.Progress(_state.Step));
            _learningRateScale = LearningRateSchedule.Factor(at.Progress, _settings.WarmUpFraction, _settings.Decay);
            var (loss, accuracy) = Gradient(batch, at);
            if (!double.IsFinite(loss) || !Step())
            {
                return StopAtNonFinite(loss, at);
            }

            _state = _state.Advanced(loss, accuracy);
            if (_state.Step % _team.LocalSteps == 0)
            {
                Average();
            }

            _clock.AddBatch(_clock.Elapsed - mark);
            mark = _clock.Elapsed;
            if (Stop.IsCancellationRequested)
            {
                return StopReason.Cancelled;
            }

            if (_clock.IsTimed && _clock.IsOver(_state.Step))
            {
                return StopReason.TimeBudget;
            }

            _reporter.ReportIfDue(_state, _learningRateScale);
        }

        return null;
    }

    private (double Loss, double Accuracy) Gradient(TBatch batch, StepInfo at)
    {
        using (batch)
        using (NewDisposeScope())
        {
            var (loss, accuracy, share) = _trainable.Loss(batch, at);
            // Whether it is finite is known to all before any goes back, for on the way back they may have to meet.
            var sums = AgreeOnStop(loss.item<float>() * share, accuracy.item<float>() * share);
            if (double.IsFinite(sums[0]))
            {
                BackwardFaults.ThrowAfter(() => (_team.IsInStep ? loss.Mul(share) : loss).backward());
                if (_team.IsInStep)
                {
                    _team.SumGradients([.. _weights.Parameters.Select(parameter => parameter.Value)]);
                }
            }

            return (sums[0], sums[1]);
        }
    }

    // Told by the first process, whose token counts, with whatever else is to be summed.
    private double[] AgreeOnStop(params double[] values)
    {
        if (_team.IsAlone)
        {
            return values;
        }

        var sums = _team.Sum([.. values, _team.IsFirst && _settings.CancellationToken.IsCancellationRequested ? 1 : 0]);
        if (sums[^1] > 0)
        {
            _agreedStop.Cancel();
        }

        return sums;
    }

    private CancellationToken Stop => _team.IsAlone ? _settings.CancellationToken : _agreedStop.Token;

    // Makes the processes one again that have made steps each for itself.
    private void Average()
    {
        if (_team.LocalSteps > 1 && _averagedStep != _state.Step)
        {
            _weights.Average(_team);
            _averagedStep = _state.Step;
        }
    }

    /// <summary>Clips and steps; false where the gradient was not finite.</summary>
    private bool Step()
    {
        using var scope = NewDisposeScope();
        if (_settings.ClipNorm is { } limit)
        {
            var isFinite = double.IsFinite(nn.utils.clip_grad_norm_(_weights.Parameters.Select(p => p.Value), limit));
            if (_team.LocalSteps > 1 ? _team.Sum(isFinite ? 0 : 1)[0] > 0 : !isFinite)
            {
                return false;
            }
        }

        _weights.Optimizer.Step(_learningRateScale);
        _weights.ClearGradients();
        _weights.UpdateEma(_state.EmaSteps);
        return true;
    }

    private StopReason StopAtNonFinite(double loss, StepInfo at)
    {
        var what = double.IsFinite(loss) ? "gradient was not finite" : FormattableString.Invariant($"loss was {loss}");
        var where = $"The training {what} at step {at.Step + 1} (epoch {at.Epoch + 1}, batch {at.Batch + 1} of {_source.BatchesPerEpoch}).";
        if (_weights.Best is null)
        {
            throw new InvalidOperationException(where + " No weights had been validated before, so there is no model to keep. A lower learning rate may help.");
        }

        _channel.Error(MessageSensitivity.None, $"{where} Training stops and keeps the weights of epoch {_state.BestEpoch}.");
        return StopReason.NonFiniteLoss;
    }

    private void EndEpoch()
    {
        Average();
        if (!_team.IsAlone)
        {
            _team.CheckEqual(_trainable.State);
        }

        var isDue = (_state.Epoch + 1) % _settings.ValidationEpochs == 0 && _clock.AllowsValidation(_settings.ValidationShare);
        var validation = isDue ? Validate() : null;
        _reporter.ReportEnd(_state, _learningRateScale, validation);
        _state = _state.NextEpoch();
        _checkpoint.Write(_state);
    }

    private ValidationMetrics? Validate()
    {
        Average();
        var start = _clock.Elapsed;
        _trainable.SetTraining(false);
        ValidationMetrics? metrics = null;
        using var limit = LimitOfValidation();
        try
        {
            metrics = _weights.WithEma(() =>
            {
                var measured = _trainable.Validate(limit?.Token ?? Stop);
                if (measured is not null && _state.IsBest(measured))
                {
                    _weights.TakeBest();
                }

                return measured;
            });
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            _channel.Warning(MessageSensitivity.None, "A validation was given up after half as much again as the training has time; "
                + (_state.Best is null ? "the present weights are kept without one." : $"the weights of epoch {_state.BestEpoch} are kept."));
        }

        _validatedStep = _state.Step;
        if (metrics is not null)
        {
            _state = _state.Validated(metrics, _settings.EarlyStopping);
            _clock.AddValidation(_clock.Elapsed - start);
        }

        return metrics;
    }

    // Processes of a team measure together, and would not give up together. What may take days needs no limit, and timers have one of their own.
    private CancellationTokenSource? LimitOfValidation()
    {
        if (!_team.IsAlone || _clock.ValidationLimit is not { } limit || limit > TimeSpan.FromDays(1))
        {
            return null;
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        source.CancelAfter(limit);
        return source;
    }

    private void Finish(StopReason reason)
    {
        Average();
        if (reason == StopReason.Cancelled)
        {
            if (_state.Step == 0)
            {
                throw new OperationCanceledException("Training was cancelled before its first step.", Stop);
            }

            _checkpoint.Write(_state);
            _channel.Info(MessageSensitivity.None, $"Training was cancelled after step {_state.Step}; "
                + (_state.Best is null ? "the present weights are kept." : $"the weights of epoch {_state.BestEpoch} are kept."));
        }
        else if (reason != StopReason.NonFiniteLoss)
        {
            _checkpoint.Delete();
        }

        _weights.ClearGradients();
        (_weights.Best ?? _weights.Ema)?.Restore();
        _trainable.SetTraining(false);
    }
}

/// <summary>What a run came to. The trainable holds the weights that <see cref="Best"/> was measured on, or the last ones where nothing was validated.</summary>
/// <param name="Epochs">Epochs begun.</param>
/// <param name="Steps">Batches trained on.</param>
/// <param name="Best">The validation of the weights kept; null where there was none.</param>
/// <param name="BestEpoch">The epoch (from 1) of <paramref name="Best"/>; 0 where there was none.</param>
/// <param name="Reason">Why the run ended.</param>
/// <param name="Elapsed">Time in the loop, summed over resumed runs.</param>
/// <param name="ValidationTime">The part of <paramref name="Elapsed"/> that went into validations.</param>
internal sealed record TrainingResult(
    int Epochs, long Steps, ValidationMetrics? Best, int BestEpoch, StopReason Reason, TimeSpan Elapsed, TimeSpan ValidationTime)
{
    /// <summary>The part of <see cref="Elapsed"/> that went into everything else.</summary>
    public TimeSpan TrainingTime => Elapsed - ValidationTime;

    /// <summary>Whether a run can have come to this: a file may say anything.</summary>
    [JsonIgnore]
    public bool IsPossible => Epochs >= 0 && Steps >= 0 && BestEpoch >= 0 && Best is not { IsPossible: false } && IsDuration(Elapsed) && IsDuration(ValidationTime);

    /// <summary>Whether a run can take so long: up to a hundred years.</summary>
    public static bool IsDuration(TimeSpan time) => time >= TimeSpan.Zero && time < TimeSpan.FromDays(36_525);
}

/// <summary>Why a run ended.</summary>
internal enum StopReason
{
    /// <summary>All epochs were made.</summary>
    Completed,
    TimeBudget,
    EarlyStopping,
    Cancelled,

    /// <summary>The loss was NaN or infinite.</summary>
    NonFiniteLoss,
}
