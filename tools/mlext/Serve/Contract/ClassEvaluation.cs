namespace MLExt.Serve.Contract;

/// <summary>How one class fared.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">Its images that were measured.</param>
/// <param name="Precision">Of the images called this class, the share that are; null when none was.</param>
/// <param name="Recall">Of the images of this class, the share that were called so; null when there is none.</param>
/// <param name="F1">The harmonic mean of both; null where one is.</param>
internal sealed record ClassEvaluation(string Name, long Images, double? Precision, double? Recall, double? F1);
