using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Samples;

// TttImageClassification [--dataset DIR|ZIP] [--train-time SECONDS]      trains, measures, saves, and predicts in a second process
// TttImageClassification predict MODEL IMAGE...                          that second process
if (args is ["predict", var modelPath, .. var imagePaths])
{
    Prediction.Run(modelPath, imagePaths);
    return;
}

var arguments = SampleArguments.Parse(args);
var output = Directory.CreateDirectory("output").FullName;
var folder = arguments.DataSet is null ? Path.Combine(output, "drawn-shapes") : ImageFolder.Unpacked(arguments.DataSet, output);
if (arguments.DataSet is null)
{
    Console.WriteLine("Drawing 1520 images of 8 kinds of shape ...");
    DrawnShapes.Write(folder, perKind: 190, seed: 1);
}

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, entry) =>
{
    if (entry.Kind == ChannelMessageKind.Warning) Console.Error.WriteLine(entry.RawMessage);
};
var images = mlContext.Data.LoadFromEnumerable(ImageFolder.Find(folder));
var split = mlContext.Data.TrainTestSplit(images, testFraction: 0.2, seed: 1);

var pipeline = mlContext.Transforms.LoadRawImageBytes("Image", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
    {
        FeatureColumnName = "Image",
        Epoch = 25,
        TrainTime = arguments.TrainTime,
        MetricsCallback = ProgressLine.Show,
    }))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

Console.WriteLine(arguments.TrainTime is { } time ? $"Training for {time.TotalSeconds} seconds ..." : "Training for 25 epochs ...");
var model = pipeline.Fit(split.TrainSet);
ProgressLine.End();

var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
MetricsPrinter.Print("TTT", metrics);

var modelFile = Path.Combine(output, "model.zip");
mlContext.Model.Save(model, images.Schema, modelFile);
Console.WriteLine($"Saved {modelFile}. Loading it in another process:");

var someImages = mlContext.Data.CreateEnumerable<ImageFile>(split.TestSet, reuseRowObject: false)
    .GroupBy(image => image.Label)
    .Take(5)
    .Select(ofLabel => ofLabel.First().ImagePath);
Prediction.RunInAnotherProcess(modelFile, someImages);
