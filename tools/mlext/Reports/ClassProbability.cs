namespace MLExt.Reports;

/// <summary>How probable one class is.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Probability">0 to 1.</param>
internal sealed record ClassProbability(string Name, double Probability);
