namespace Samples.FewShotSymbols;

/// <summary>What a classifier says of one drawing.</summary>
internal sealed class Answer
{
    /// <summary>The name that the drawing came with; empty if none.</summary>
    public string Label { get; set; } = "";

    /// <summary>The most probable symbol.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>Probability of each symbol.</summary>
    public float[] Score { get; set; } = [];
}
