namespace Microsoft.ML.VisionCore.Training;

/// <summary>Stops a run that no longer gets better on the validation set.</summary>
/// <param name="MinDelta">The smallest change for the better that counts as one.</param>
/// <param name="Patience">The number of validations without one after which the run stops; at least 1.</param>
/// <param name="WatchLoss">Whether the loss is watched, which is to fall; otherwise the accuracy is, which is to rise.</param>
internal sealed record EarlyStopping(double MinDelta, int Patience, bool WatchLoss = false)
{
    /// <summary>The value to beat (higher is better) and the validations waited, after one more validation.</summary>
    public (double Reference, int Waited) Next(double reference, int waited, ValidationMetrics metrics)
    {
        var value = WatchLoss ? -metrics.Loss : metrics.Accuracy;
        return value > reference + MinDelta ? (value, 0) : (reference, waited + 1);
    }
}
