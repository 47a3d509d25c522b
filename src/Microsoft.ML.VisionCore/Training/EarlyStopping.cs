namespace Microsoft.ML.VisionCore.Training;

/// <summary>Stops a run whose validation score no longer rises.</summary>
/// <param name="MinDelta">The smallest rise of the score that counts as one.</param>
/// <param name="Patience">The number of validations without a rise after which the run stops; at least 1.</param>
internal sealed record EarlyStopping(double MinDelta, int Patience)
{
    /// <summary>The score to beat and the validations waited, after one more validation.</summary>
    public (double Reference, int Waited) Next(double reference, int waited, double score) =>
        score > reference + MinDelta ? (score, 0) : (reference, waited + 1);
}
