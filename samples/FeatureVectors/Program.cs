using Microsoft.ML;
using Microsoft.ML.FewShot;
using Samples.FeatureVectors;

// FeatureVectors    trains a generator on many known species, then makes classifiers of new ones from three plants each
var mlContext = new MLContext(seed: 1);
var known = mlContext.Data.LoadFromEnumerable(Plant.Invent("known", species: 60, plants: 12, seed: 1).ToArray());

var training = mlContext.Transforms.Concatenate("Features", "Leaf", "Flower")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.FewShotHyperTransformer(new FewShotHyperTransformerTrainer.Options
    {
        MaxWays = 8,
        Effort = 0.05f,
        Model = { EncoderWidth = 64 },
    }));
using var generator = training.Fit(known).LastTransformer;
Console.WriteLine($"Trained a generator of classifiers of up to {generator.MaxWays} classes of {generator.FeatureLength} numbers.");

var found = Plant.Invent("new", species: 6, plants: 23, seed: 2).GroupBy(plant => plant.Label).ToArray();
var examples = mlContext.Data.LoadFromEnumerable(found.SelectMany(species => species.Take(3)).ToArray());
var others = mlContext.Data.LoadFromEnumerable(found.SelectMany(species => species.Skip(3)).ToArray());

var pipeline = mlContext.Transforms.Concatenate("Features", "Leaf", "Flower")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
    .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator));
var classifier = pipeline.Fit(examples);
var figures = mlContext.MulticlassClassification.Evaluate(classifier.Transform(others));
Console.WriteLine($"Of {others.GetRowCount()} plants of 6 species it had never seen before, from 3 examples each: {figures.MicroAccuracy:P0} are right.");

mlContext.Model.Save(classifier, examples.Schema, "plants.zip");
Console.WriteLine($"plants.zip has {new FileInfo("plants.zip").Length} bytes.");
