namespace MLExt.Reports;

/// <summary>How the training of one part of a model went.</summary>
/// <param name="Name">The part.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="ValidationAccuracy">The best share of right answers on tasks of classes held out; null where it was not measured.</param>
internal sealed record StageFigures(string Name, long Steps, double? ValidationAccuracy);
