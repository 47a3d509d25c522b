using Microsoft.ML;

namespace Samples.Snippets;

/// <summary>The code of docs/onnx.md. A test holds the regions against the text.</summary>
public static class OnnxFiles
{
    /// <summary>Writes a saved model as an ONNX file.</summary>
    public static void Export(string modelFile, string onnxFile)
    {
        #region onnx-export
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelFile, out _);
        using var file = File.Create(onnxFile);
        mlContext.Model.ExportToOnnx(model, file);
        #endregion
    }
}
