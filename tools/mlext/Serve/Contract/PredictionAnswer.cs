namespace MLExt.Serve.Contract;

/// <summary>What a model takes an image for.</summary>
/// <param name="Label">The most probable class.</param>
/// <param name="Scores">All classes, best first.</param>
/// <param name="Milliseconds">From the bytes of the file to the probabilities.</param>
internal sealed record PredictionAnswer(string Label, IReadOnlyList<LabelProbability> Scores, double Milliseconds);
