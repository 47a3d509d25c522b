namespace MLExt.Training;

/// <summary>One epoch of a training run.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Seconds">Seconds from the start of the run to its end, or to now where it has not ended.</param>
/// <param name="TrainLoss">Mean loss on the (augmented) training images.</param>
/// <param name="TrainAccuracy">Share of right answers on them, 0 to 1.</param>
/// <param name="ValidationLoss">Loss on the validation images; null where they were not measured.</param>
/// <param name="ValidationAccuracy">Share of right answers on them, 0 to 1.</param>
internal sealed record CurvePoint(
    int Epoch, double Seconds, float TrainLoss, float TrainAccuracy, float? ValidationLoss = null, float? ValidationAccuracy = null);
