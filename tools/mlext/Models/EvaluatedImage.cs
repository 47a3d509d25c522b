using MLExt.Reports;

namespace MLExt.Models;

/// <summary>A model's answer for one labelled image.</summary>
/// <param name="Image">Index of the image in the set that was measured.</param>
/// <param name="Label">Its class.</param>
/// <param name="LabelProbability">The probability that the model gave to its class, 0 to 1.</param>
/// <param name="Best">The most probable classes, best first; never empty.</param>
internal sealed record EvaluatedImage(int Image, string Label, double LabelProbability, IReadOnlyList<ClassProbability> Best)
{
    /// <summary>The class that the model takes it for.</summary>
    public string Predicted => Best[0].Name;

    /// <summary>The probability of <see cref="Predicted"/>, 0 to 1.</summary>
    public double Probability => Best[0].Probability;

    /// <summary>Whether the model is right.</summary>
    public bool IsRight => Predicted == Label;
}
