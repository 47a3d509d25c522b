using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.Runtime;
using Samples.FewShotConsole;

// FewShotConsole EXAMPLES CLASSIFIER IMAGE...
// EXAMPLES has a folder of drawings for each symbol; those in a folder named "unlabeled" are symbols of which nobody said which they are.
// The classifier of these symbols is saved as CLASSIFIER, and says what the drawings IMAGE... are.
if (args is not [var folder, var classifierFile, .. var images])
{
    Console.Error.WriteLine("Usage: FewShotConsole EXAMPLES CLASSIFIER IMAGE...");
    return 2;
}

var mlContext = new MLContext();
mlContext.Log += (_, entry) =>
{
    if (entry.Kind == ChannelMessageKind.Warning) Console.Error.WriteLine(entry.RawMessage);
};
using var generator = FewShotHyperTransformer.LoadPretrained(mlContext);

var examples = Directory.GetFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
    .Select(path => (Path: path, Folder: new FileInfo(path).Directory!.Name))
    .Select(file => new ImageRow { ImagePath = file.Path, Label = file.Folder == "unlabeled" ? "" : file.Folder })
    .ToArray();
var support = mlContext.Data.LoadFromEnumerable(examples);

var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var clock = Stopwatch.StartNew();
var classifier = pipeline.Fit(support);
Console.WriteLine($"A classifier from {examples.Length} drawings in {clock.ElapsedMilliseconds} ms.");
mlContext.Model.Save(classifier, support.Schema, classifierFile);

using var engine = mlContext.Model.CreatePredictionEngine<ImageRow, ImageAnswer>(classifier);
foreach (var image in images)
{
    var answer = engine.Predict(new ImageRow { ImagePath = image });
    Console.WriteLine($"{image}: {answer.PredictedLabel}, {answer.Score.Max():P1}");
}

return 0;
