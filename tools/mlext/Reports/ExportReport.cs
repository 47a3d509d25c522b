namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext export</c>.</summary>
/// <param name="Model">The model file.</param>
/// <param name="Onnx">The ONNX file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Classes">Class names in the order of the probabilities.</param>
internal sealed record ExportReport(string Model, string Onnx, long Bytes, IReadOnlyList<string> Classes);
