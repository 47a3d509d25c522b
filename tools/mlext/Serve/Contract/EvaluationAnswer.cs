namespace MLExt.Serve.Contract;

/// <summary>How good a model is on images that it was not trained on; without figures where no image could be held back.</summary>
/// <param name="Images">Images that were measured.</param>
/// <param name="MicroAccuracy">Share of all images that were classified rightly, 0 to 1.</param>
/// <param name="MacroAccuracy">Mean over the classes of the share classified rightly, 0 to 1.</param>
/// <param name="LogLoss">Mean negative natural logarithm of the right class's probability.</param>
/// <param name="Classes">Each class, in the order of the scores.</param>
/// <param name="Confusion">Counts of images: a row for each true class, a column for each class that was answered.</param>
/// <param name="MostWrong">The wrong answers that the model was surest of, surest first.</param>
internal sealed record EvaluationAnswer(
    long Images, double? MicroAccuracy, double? MacroAccuracy, double? LogLoss, IReadOnlyList<ClassEvaluation> Classes,
    IReadOnlyList<IReadOnlyList<long>> Confusion, IReadOnlyList<WrongAnswer> MostWrong);
