using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Samples.ImageTrainer;

// ImageTrainer IMAGES MODEL SECONDS    trains on a folder that has a folder of images for each class, and saves the model
// ImageTrainer MODEL IMAGE             says what an image shows
var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, entry) =>
{
    if (entry.Kind == ChannelMessageKind.Warning) Console.Error.WriteLine(entry.RawMessage);
};
switch (args)
{
    case [var images, var modelFile, var seconds]:
        Train(images, modelFile, TimeSpan.FromSeconds(int.Parse(seconds)));
        return 0;
    case [var modelFile, var image]:
        Predict(modelFile, image);
        return 0;
    default:
        Console.Error.WriteLine("Usage: ImageTrainer IMAGES MODEL SECONDS, or ImageTrainer MODEL IMAGE");
        return 2;
}

void Train(string folder, string modelFile, TimeSpan time)
{
    var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg")
        .Select(path => new ImageRow { ImagePath = path, Label = new FileInfo(path).Directory!.Name });
    var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(files.ToArray()), testFraction: 0.2);

    var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
        .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
        .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
        {
            TrainTime = time,
            MetricsCallback = metrics => Console.WriteLine($"{metrics.Progress:P0} {metrics}"),
        }))
        .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    var model = pipeline.Fit(split.TrainSet);
    var figures = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
    Console.WriteLine($"Accuracy on images it was not trained on: {figures.MicroAccuracy:P1}");
    Console.WriteLine(figures.ConfusionMatrix.GetFormattedConfusionTable());
    mlContext.Model.Save(model, split.TrainSet.Schema, modelFile);
}

void Predict(string modelFile, string image)
{
    var model = mlContext.Model.Load(modelFile, out _);
    using var engine = mlContext.Model.CreatePredictionEngine<ImageRow, ImageAnswer>(model);
    var answer = engine.Predict(new ImageRow { ImagePath = image });
    Console.WriteLine($"{image}: {answer.PredictedLabel}, {answer.Score.Max():P1}");
}
