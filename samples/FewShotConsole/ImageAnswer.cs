namespace Samples.FewShotConsole;

/// <summary>What the classifier says of one image.</summary>
internal sealed class ImageAnswer
{
    /// <summary>The most probable class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>Probability of each class.</summary>
    public float[] Score { get; set; } = [];
}
