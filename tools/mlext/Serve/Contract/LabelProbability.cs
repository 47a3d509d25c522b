namespace MLExt.Serve.Contract;

/// <summary>How probable a class is.</summary>
/// <param name="Label">The class.</param>
/// <param name="Probability">0 to 1.</param>
internal sealed record LabelProbability(string Label, double Probability);
