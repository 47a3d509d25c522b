namespace Microsoft.ML.VisionCore.Training;

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
}
