using System.Diagnostics;
using Microsoft.ML.TTT;
using Metrics = Microsoft.ML.TTT.TTTImageClassificationTrainer.ImageClassificationMetrics;

namespace MLExt.Training;

/// <summary>What a training run has reported: where it is, and one point of its curves an epoch. Safe to use from several threads.</summary>
/// <param name="clock">Runs since the run began.</param>
/// <param name="images">Images that will be read before training begins.</param>
/// <param name="trainTime">Time for the whole run where it is limited.</param>
internal sealed class TrainingJournal(Stopwatch clock, int images, TimeSpan? trainTime)
{
    private readonly Lock _lock = new();
    private readonly List<CurvePoint> _curve = [];
    private TrainingMoment _now = new() { Images = images };

    /// <summary>Called after every change, on the thread that made it.</summary>
    public event Action<TrainingMoment>? Changed;

    /// <summary>Where the run is.</summary>
    public TrainingMoment Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>The epochs so far; the last may still be running.</summary>
    public IReadOnlyList<CurvePoint> Curve
    {
        get
        {
            lock (_lock)
            {
                return [.. _curve];
            }
        }
    }

    /// <summary>Counts an image that was read.</summary>
    public void ImageRead()
    {
        TrainingMoment now;
        lock (_lock)
        {
            if (_now.Phase != TrainingPhase.Reading || _now.ImagesRead == images)
            {
                return;
            }

            var read = _now.ImagesRead + 1;
            now = _now = _now with { ImagesRead = read, Progress = (double)read / images, Elapsed = clock.Elapsed };
        }

        Changed?.Invoke(now);
    }

    /// <summary>Takes a report of the trainer.</summary>
    public void Update(Metrics metrics)
    {
        TrainingMoment now;
        lock (_lock)
        {
            now = _now = metrics.Train.DatasetUsed == Metrics.Dataset.Validation ? Validated(metrics.Train) : Trained(metrics);
            Draw(now);
        }

        Changed?.Invoke(now);
    }

    private TrainingMoment Validated(TTTImageClassificationTrainer.TrainMetrics metrics) => _now with
    {
        Elapsed = clock.Elapsed,
        ValidationLoss = metrics.CrossEntropy,
        ValidationAccuracy = metrics.Accuracy,
        BestAccuracy = Math.Max(_now.BestAccuracy ?? 0, metrics.Accuracy),
        IsValidation = true,
    };

    private TrainingMoment Trained(Metrics metrics) => _now with
    {
        Phase = TrainingPhase.Training,
        Progress = metrics.Progress,
        Epoch = metrics.Train.Epoch,
        Elapsed = clock.Elapsed,
        Remaining = Remaining(metrics),
        TrainLoss = float.IsFinite(metrics.Train.CrossEntropy) ? metrics.Train.CrossEntropy : null,
        TrainAccuracy = float.IsFinite(metrics.Train.Accuracy) ? metrics.Train.Accuracy : null,
        IsValidation = false,
        Skipped = metrics.SkippedRows,
    };

    private TimeSpan? Remaining(Metrics metrics)
    {
        if (trainTime is { } whole)
        {
            return whole > clock.Elapsed ? whole - clock.Elapsed : TimeSpan.Zero;
        }

        return metrics.Progress > 0 ? metrics.Elapsed * ((1 - Math.Min(1, metrics.Progress)) / metrics.Progress) : null;
    }

    private void Draw(TrainingMoment now)
    {
        if (now is not { TrainLoss: { } loss, TrainAccuracy: { } accuracy })
        {
            return;
        }

        var last = _curve.Count > 0 && _curve[^1].Epoch == now.Epoch ? _curve[^1] : null;
        var point = new CurvePoint(now.Epoch, Math.Round(now.Elapsed.TotalSeconds, 3), loss, accuracy, last?.ValidationLoss, last?.ValidationAccuracy);
        if (now.IsValidation)
        {
            point = point with { ValidationLoss = now.ValidationLoss, ValidationAccuracy = now.ValidationAccuracy };
        }

        if (last is not null)
        {
            _curve.RemoveAt(_curve.Count - 1);
        }

        _curve.Add(point);
    }
}
