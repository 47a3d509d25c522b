namespace MLExt.Models;

/// <summary>A model's answer for one image, as ML.NET fills it in.</summary>
internal sealed class Prediction
{
    /// <summary>Probability of each class; NaN when the image could not be decoded.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>Most probable class.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>Whether the image was decoded and scored.</summary>
    internal bool IsScored => Score.Length > 0 && Score.All(float.IsFinite);
}
