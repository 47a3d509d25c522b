using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;
using Microsoft.ML.Transforms.Image;
using Samples.ImagePipeline;

// ImagePipeline IMAGES EXAMPLES
// Both trainers after ML.NET's own image transforms: LoadImages, ResizeImages and ExtractPixels.
// IMAGES and EXAMPLES have a folder of PNG files for each class: many images to train on, and a few drawings of symbols.
if (args is not [var images, var examples])
{
    Console.Error.WriteLine("Usage: ImagePipeline IMAGES EXAMPLES");
    return 2;
}

var mlContext = new MLContext(seed: 1);

// Decoded images, cut to a square around their middle, go to the trainer as they are.
var split = mlContext.Data.TrainTestSplit(Rows(images), testFraction: 0.2);
var decoded = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.Transforms.ResizeImages("Image", imageWidth: 32, imageHeight: 32, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
    {
        FeatureColumnName = "Image",
        ImageSize = 32,
        Epoch = 5,
    }));
var model = decoded.Fit(split.TrainSet);
Console.WriteLine($"TTT: {mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:P0} of the test images are right.");

// Pixels, 0 to 255, in the order [3, height, width].
using var generator = FewShotHyperTransformer.LoadPretrained(mlContext);
var size = generator.ImageSize;
var pixels = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.Transforms.ResizeImages("Image", imageWidth: size, imageHeight: size, resizing: ImageResizingEstimator.ResizingKind.Fill))
    .Append(mlContext.Transforms.ExtractPixels("Pixels", inputColumnName: "Image"))
    .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator, featureColumnName: "Pixels"));
var support = Rows(examples);
var classifier = pixels.Fit(support);
Console.WriteLine($"Few-shot: a classifier from {support.GetRowCount()} drawings.");
return 0;

IDataView Rows(string folder) => mlContext.Data.LoadFromEnumerable(
    Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => new ImageRow { ImagePath = path, Label = new FileInfo(path).Directory!.Name })
        .ToArray());
