using Microsoft.ML;
using MLExt.Reports;

namespace MLExt.Models;

/// <summary>A model's answer for one image, as ML.NET fills it in.</summary>
internal class Prediction
{
    /// <summary>Probability of each class; NaN when the image could not be decoded.</summary>
    public float[] Score { get; set; } = [];

    /// <summary>Most probable class; empty when the image is taken for none of them, or could not be decoded.</summary>
    public string PredictedLabel { get; set; } = "";

    /// <summary>How sure it is that the image is of one of the classes, 0 to 1; NaN of models that reject nothing.</summary>
    public float KnownScore { get; set; } = float.NaN;

    /// <summary>Whether the image was decoded and scored.</summary>
    internal bool IsScored => Score.Length > 0 && Score.All(float.IsFinite);

    /// <summary>The answer: a class, or null for none of these.</summary>
    internal string? Label => PredictedLabel.Length > 0 ? PredictedLabel : null;

    /// <summary><see cref="KnownScore"/>; null of models that reject nothing.</summary>
    internal double? Known => float.IsNaN(KnownScore) ? null : KnownScore;

    /// <summary>The most probable classes, best first; of equal ones the earlier first, as in <see cref="PredictedLabel"/>.</summary>
    /// <param name="names">Class names in the order of the scores.</param>
    /// <param name="count">The most to give.</param>
    internal ClassProbability[] Best(IReadOnlyList<string> names, int count) =>
        [.. Score.Select((p, i) => new ClassProbability(names[i], p)).OrderByDescending(c => c.Probability).Take(count)];
}

/// <summary>An answer with what spoke for it.</summary>
internal sealed class ExplainedPrediction : Prediction
{
    /// <summary>What each place of a grid adds to the class, as <see cref="ModelExplanation"/> says.</summary>
    public float[] FeatureContributions { get; set; } = [];

    /// <summary>Draws it over the image.</summary>
    /// <param name="image">The bytes of the image file.</param>
    /// <returns>A PNG file; null where nothing spoke for a class: the answer is none of them, or there is only one.</returns>
    internal byte[]? Overlay(byte[] image) => Label is null || Score.Length < 2 ? null : ModelExplanation.DrawContributions(image, FeatureContributions);
}
