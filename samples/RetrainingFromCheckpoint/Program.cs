using Microsoft.ML;
using Microsoft.ML.TTT;
using Samples.RetrainingFromCheckpoint;

// RetrainingFromCheckpoint IMAGES MODEL [EPOCHS]
// Trains for 6 epochs in all. Ctrl-C, or the end of so many EPOCHS, stops it and saves the best model until then; the same command started again
// goes on where it was. On a CPU the last model is, bit for bit, that of a training that was never stopped.
if (args is not [var images, var modelFile, .. var epochs])
{
    Console.Error.WriteLine("Usage: RetrainingFromCheckpoint IMAGES MODEL [EPOCHS]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, entry) =>
{
    if (entry.Message.Contains("checkpoint"))
    {
        Console.WriteLine(entry.RawMessage);
    }
};
var files = Directory.GetFiles(images, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
    .Select(path => new ImageRow { ImagePath = path, Label = new FileInfo(path).Directory!.Name });
var rows = mlContext.Data.LoadFromEnumerable(files.ToArray());
var epochsNow = 0;
var last = epochs is [var number] ? int.Parse(number) : int.MaxValue;

var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
    {
        Epoch = 6,
        CheckpointPath = modelFile + ".checkpoint",
        CancellationToken = stop.Token,
        MetricsCallback = AfterEachEpoch,
    }))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

mlContext.Model.Save(pipeline.Fit(rows), rows.Schema, modelFile);
Console.WriteLine(stop.IsCancellationRequested ? $"Stopped; {modelFile} is the best model so far." : $"Done; {modelFile} is the model.");
return 0;

void AfterEachEpoch(TTTImageClassificationTrainer.ImageClassificationMetrics metrics)
{
    if (metrics.Train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation)
    {
        Console.WriteLine($"epoch {metrics.Train.Epoch}: validation accuracy {metrics.Train.Accuracy:P0}");
        if (++epochsNow == last)
        {
            stop.Cancel();
        }
    }
}
