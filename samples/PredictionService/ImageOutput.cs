namespace Samples.PredictionService;

/// <summary>What the model says of one image.</summary>
internal sealed class ImageOutput
{
    /// <summary>The most probable class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>Probability of each class; NaN where the bytes are no image.</summary>
    public float[] Score { get; set; } = [];
}
