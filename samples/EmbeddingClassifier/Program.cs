using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.Transforms.Image;
using Samples.EmbeddingClassifier;

// EmbeddingClassifier    makes a classifier from four pictures of each pattern, on what ML.NET's own ResNet-18 makes of pictures; saves and loads it
var mlContext = new MLContext();
using var generator = FewShotHyperTransformer.LoadPretrained(mlContext, PretrainedGenerator.Embeddings);

// In the place of DnnFeaturizeImage any network may stand that gives a vector: ApplyOnnxModel runs one that is an ONNX file.
var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
    .Append(mlContext.Transforms.ResizeImages("Image", 224, 224, resizing: ImageResizingEstimator.ResizingKind.Fill))
    .Append(mlContext.Transforms.ExtractPixels("Pixels", "Image"))
    .Append(mlContext.Transforms.DnnFeaturizeImage("Features", network => network.ModelSelector.ResNet18(mlContext, network.OutputColumn, network.InputColumn), "Pixels"))
    .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator))
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
var examples = mlContext.Data.LoadFromEnumerable(Pattern.Draw("examples", each: 4, seed: 1).ToArray());
var classifier = pipeline.Fit(examples);
mlContext.Model.Save(classifier, examples.Schema, "patterns.zip");

// Any program that references the same packages, and no generator.
var again = new MLContext();
var model = again.Model.Load("patterns.zip", out _);
var questions = Pattern.Draw("questions", each: 6, seed: 2).ToArray();
var scored = model.Transform(again.Data.LoadFromEnumerable(questions));
var right = again.Data.CreateEnumerable<PatternAnswer>(scored, reuseRowObject: true).Zip(questions).Count(pair => pair.First.PredictedLabel == pair.Second.Label);
Console.WriteLine($"Of {questions.Length} pictures, from 4 examples of each pattern: {right} are right.");
