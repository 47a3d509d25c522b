using System.Text.Json.Serialization;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Where a run is, beside its tensors. Written to checkpoints as JSON.</summary>
internal sealed record TrainingState
{
    /// <summary>Batches trained on.</summary>
    public long Step { get; init; }

    /// <summary>The epoch of the next batch, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>The number of the next batch in its epoch.</summary>
    public int Batch { get; init; }

    /// <summary>The sum of the losses of this epoch.</summary>
    public double LossSum { get; init; }

    /// <summary>The sum of the batches' accuracies in this epoch.</summary>
    public double AccuracySum { get; init; }

    /// <summary>The optimiser steps that the exponential moving average (EMA) of the weights has seen.</summary>
    [JsonPropertyName("AverageSteps")]
    public long EmaSteps { get; init; }

    /// <summary>Of the weights that are kept: the latest that are not clearly worse than <see cref="Peak"/>.</summary>
    public ValidationMetrics? Best { get; init; }

    /// <summary>The best ever. In checkpoints of older versions, which kept its weights, it is missing: there it is <see cref="Best"/>.</summary>
    public ValidationMetrics? Peak { get; init; }

    /// <summary>The epoch of <see cref="Best"/>, from 1.</summary>
    public int BestEpoch { get; init; }

    /// <summary>The score that early stopping waits to see beaten; null before the first validation.</summary>
    public double? StoppingReference { get; init; }

    /// <summary>Validations since then.</summary>
    public int StoppingWaited { get; init; }

    /// <summary>Time in the loop.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> that went into validations.</summary>
    public TimeSpan ValidationTime { get; init; }

    /// <summary>The epoch of the last batch, from 1.</summary>
    [JsonIgnore]
    public int PresentEpoch => Batch == 0 ? Math.Max(Epoch, 1) : Epoch + 1;

    /// <summary>Whether a run with epochs of so many batches can be there: a file may say anything.</summary>
    public bool IsPossible(int batchesPerEpoch) => Step > 0 && Epoch is >= 0 and < int.MaxValue && Batch >= 0 && Batch <= batchesPerEpoch && EmaSteps >= 0 && BestEpoch >= 0
        && StoppingWaited is >= 0 and < int.MaxValue && Best is not { IsPossible: false } && Peak is not { IsPossible: false }
        && TrainingResult.IsDuration(Elapsed) && TrainingResult.IsDuration(ValidationTime);

    /// <summary>
    /// Whether the weights that these metrics are of are to be kept. The later ones are, unless they are clearly worse: they have trained for longer and at smaller
    /// rates, and among many measurements with few images the highest is mostly luck.
    /// </summary>
    public bool IsBest(ValidationMetrics metrics) => (Peak ?? Best) is not { } peak || !metrics.IsClearlyBelow(peak);

    /// <summary>This state after another validation.</summary>
    public TrainingState Validated(ValidationMetrics metrics, EarlyStopping? stopping)
    {
        var (best, peak) = (IsBest(metrics), Peak ?? Best);
        var (reference, waited) = stopping?.Next(StoppingReference ?? double.NegativeInfinity, StoppingWaited, metrics) ?? (metrics.Score, 0);
        return this with
        {
            Best = best ? metrics : Best,
            Peak = peak is null || metrics.Score >= peak.Score ? metrics : peak,
            BestEpoch = best ? PresentEpoch : BestEpoch,
            StoppingReference = double.IsFinite(reference) ? reference : null,
            StoppingWaited = waited,
        };
    }

    /// <summary>This state after one more step.</summary>
    public TrainingState Advanced(double loss, double accuracy) => this with
    {
        Step = Step + 1,
        Batch = Batch + 1,
        LossSum = LossSum + loss,
        AccuracySum = AccuracySum + accuracy,
        EmaSteps = EmaSteps + 1,
    };

    /// <summary>This state at the start of the next epoch.</summary>
    public TrainingState NextEpoch() => this with { Epoch = Epoch + 1, Batch = 0, LossSum = 0, AccuracySum = 0 };

    /// <summary>Whether early stopping has waited long enough.</summary>
    public bool IsStopping(EarlyStopping? stopping) => stopping is not null && StoppingWaited >= stopping.Patience;
}
