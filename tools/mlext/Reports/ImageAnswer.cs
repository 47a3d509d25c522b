namespace MLExt.Reports;

/// <summary>What a model takes one image for, or why it could not say.</summary>
/// <param name="Image">The file as it was named.</param>
/// <param name="PredictedLabel">Most probable class; null after an error, and for none of these.</param>
/// <param name="KnownScore">How sure it is that the image is of one of the classes, 0 to 1; null of models that reject nothing.</param>
/// <param name="Probabilities">The most probable classes, best first.</param>
/// <param name="Error">What went wrong; null if nothing did.</param>
/// <param name="Explanation">The picture of what spoke for it; null where none was asked for.</param>
internal sealed record ImageAnswer(string Image, string? PredictedLabel, double? KnownScore, IReadOnlyList<ClassProbability> Probabilities, string? Error, string? Explanation = null);
