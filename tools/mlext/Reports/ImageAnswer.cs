namespace MLExt.Reports;

/// <summary>What a model takes one image for, or why it could not say.</summary>
/// <param name="Image">The file as it was named.</param>
/// <param name="PredictedLabel">Most probable class; null after an error.</param>
/// <param name="Probabilities">The most probable classes, best first.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
/// <param name="Explanation">The picture of what spoke for it; null where none was asked for.</param>
internal sealed record ImageAnswer(string Image, string? PredictedLabel, IReadOnlyList<ClassProbability> Probabilities, string? Error, string? Explanation = null);
