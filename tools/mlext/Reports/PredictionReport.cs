namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext predict</c>.</summary>
/// <param name="Model">The model file.</param>
/// <param name="Predictions">One answer an image, in the order they were named.</param>
internal sealed record PredictionReport(string Model, IReadOnlyList<ImageAnswer> Predictions);
