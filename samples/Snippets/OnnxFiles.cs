using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

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

    /// <summary>Applies an ONNX file to images of size 32.</summary>
    public static IDataView Apply(string onnxFile, Func<MLContext, IDataView> images)
    {
        #region onnx-apply
        var mlContext = new MLContext();
        var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.Transforms.ResizeImages("Image", 32, 32, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(mlContext.Transforms.ExtractPixels("image", "Image", interleavePixelColors: true, outputAsFloatArray: false))
            .Append(mlContext.Transforms.ApplyOnnxModel("probabilities", "image", onnxFile));
        #endregion
        var data = images(mlContext);
        return pipeline.Fit(data).Transform(data);
    }
}
