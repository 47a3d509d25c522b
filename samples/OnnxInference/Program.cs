using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Image;
using Samples.OnnxInference;

// OnnxInference MODEL.onnx IMAGE...
// Classifies images with a file that `mlext export` wrote, by ML.NET's own ApplyOnnxModel.
if (args is not [var file, _, ..])
{
    Console.Error.WriteLine("Usage: OnnxInference MODEL.onnx IMAGE...");
    return 2;
}

using var session = new InferenceSession(file);
var about = session.ModelMetadata.CustomMetadataMap;
var classes = JsonSerializer.Deserialize<string[]>(about["class_names"])!;
var side = int.Parse(about["image_size"]);

// The graph takes bytes in the order [height, width, channels], as many channels as the model knows colors.
var isColor = about["colours"] == "3";
var mlContext = new MLContext();
var load = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: nameof(ImageRow.ImagePath));
var resize = mlContext.Transforms.ResizeImages("Image", side, side, resizing: ImageResizingEstimator.ResizingKind.Fill);
var gray = mlContext.Transforms.ConvertToGrayscale("Image");
var pixels = mlContext.Transforms.ExtractPixels("image", "Image", isColor ? ImagePixelExtractingEstimator.ColorBits.Rgb : ImagePixelExtractingEstimator.ColorBits.Red,
    interleavePixelColors: true, outputAsFloatArray: false);
var score = mlContext.Transforms.ApplyOnnxModel("probabilities", "image", file);
var pipeline = isColor ? load.Append(resize).Append(pixels).Append(score) : load.Append(resize).Append(gray).Append(pixels).Append(score);

var images = mlContext.Data.LoadFromEnumerable(args[1..].Select(path => new ImageRow { ImagePath = path }));
foreach (var row in mlContext.Data.CreateEnumerable<ImageRow>(pipeline.Fit(images).Transform(images), reuseRowObject: true))
{
    var best = Array.IndexOf(row.Probabilities, row.Probabilities.Max());
    Console.WriteLine($"{row.ImagePath}: {classes[best]}, {row.Probabilities[best]:P0}");
}

return 0;
