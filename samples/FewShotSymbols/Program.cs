using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using Samples.FewShotSymbols;

// FewShotSymbols                                draws symbols that nobody has seen before, and generates classifiers of them from a few drawings
// FewShotSymbols predict CLASSIFIER IMAGE...    uses such a classifier; it starts itself that way at the end
if (args is ["predict", var classifierFile, .. var imagePaths])
{
    Prediction.Run(classifierFile, imagePaths);
    return;
}

var output = Directory.CreateDirectory("output").FullName;
var folder = Path.Combine(output, "drawn-symbols");
Console.WriteLine("Inventing 15 symbols and drawing each of them 30 times ...");
DrawnSymbols.Write(folder, symbols: 15, perSymbol: 30, alphabet: 1, hand: 2);
var examplesPerClass = Drawing.Find(folder);

var mlContext = new MLContext(seed: 1);
using var generator = FewShotHyperTransformer.LoadPretrained(mlContext);
Console.WriteLine($"The pretrained generator makes classifiers of up to {generator.MaxWays} classes, with {generator.Channels} channels, "
    + $"for images of {generator.ImageSize} x {generator.ImageSize} pixels.");

var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

var questions = mlContext.Data.LoadFromEnumerable(examplesPerClass.Where(drawing => drawing.Number > 10).ToArray());
Report.Head(questions);
ITransformer? classifier = null;
foreach (var (named, unnamed) in new[] { (1, 0), (1, 0), (1, 4), (5, 0) })
{
    var examples = examplesPerClass.Where(drawing => drawing.Number <= named).Concat(
        examplesPerClass.Where(drawing => drawing.Number > named && drawing.Number <= named + unnamed).Select(drawing => drawing.WithoutLabel()));
    var support = mlContext.Data.LoadFromEnumerable(examples.ToArray());

    var clock = Stopwatch.StartNew();
    classifier = pipeline.Fit(support);
    Report.Row(mlContext, classifier, questions, named, unnamed, clock.Elapsed);
}

var file = Path.Combine(output, "symbols.zip");
mlContext.Model.Save(classifier, questions.Schema, file);
Console.WriteLine($"Saved the last one, {new FileInfo(file).Length / 1024.0:0.0} KB, without the generator: {file}. Using it in another process:");
Prediction.RunInAnotherProcess(file, examplesPerClass.Where(drawing => drawing.Number == 30).Take(5).Select(drawing => drawing.ImagePath));
