using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Samples.OnnxInference;

// OnnxInference MODEL.onnx IMAGE...
// Classifies images with a file that `mlext export` wrote, by ML.NET's own ApplyOnnxModel. Ends with 1 if one of them is no picture.
if (args is not [var file, _, ..] || !File.Exists(file))
{
    Console.Error.WriteLine("Usage: OnnxInference MODEL.onnx IMAGE...");
    return 2;
}

using var session = new InferenceSession(file);
var about = session.ModelMetadata.CustomMetadataMap;
var classes = JsonSerializer.Deserialize<string[]>(about["class_names"])!;
var (side, channels) = (int.Parse(about["image_size"]), int.Parse(about["colours"]));

var rows = args[1..].Select(path => new ImageRow { ImagePath = path, Image = Picture.Read(path, side, channels) }).ToArray();
foreach (var row in rows.Where(row => row.Image is null)) Console.Error.WriteLine($"{row.ImagePath} is no picture that can be read.");

// The graph takes bytes in the order [height, width, channels].
var mlContext = new MLContext();
var schema = SchemaDefinition.Create(typeof(ImageRow));
schema["image"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, side, side, channels);
var images = mlContext.Data.LoadFromEnumerable(rows.Where(row => row.Image is not null), schema);
var pipeline = mlContext.Transforms.ApplyOnnxModel([.. session.OutputMetadata.Keys], ["image"], file); // with "known_score" of a classifier that rejects
foreach (var row in mlContext.Data.CreateEnumerable<ImageRow>(pipeline.Fit(images).Transform(images), reuseRowObject: false, ignoreMissingColumns: true))
{
    var best = Array.IndexOf(row.Probabilities, row.Probabilities.Max());
    Console.WriteLine($"{row.ImagePath}: {(row.KnownScore is [< 0.5f] ? "none of these" : $"{classes[best]}, {row.Probabilities[best]:P0}")}");
}

return rows.All(row => row.Image is not null) ? 0 : 1;
