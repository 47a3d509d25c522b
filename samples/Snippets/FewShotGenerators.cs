using Microsoft.ML;
using Microsoft.ML.FewShot;

namespace Samples.Snippets;

/// <summary>The code of docs/few-shot.md that trains and measures generators. A test holds the regions against the text.</summary>
public static class FewShotGenerators
{
    /// <summary>Trains a generator on many classes.</summary>
    public static FewShotHyperTransformer Train(MLContext mlContext, IDataView examples, string modelFile, CancellationToken stop)
    {
        #region few-shot-train
        var keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(examples).Transform(examples);
        var trainer = mlContext.MulticlassClassification.Trainers.FewShotHyperTransformer(new FewShotHyperTransformerTrainer.Options
        {
            MaxWays = 10,
            Channels = 32,
            TrainTime = TimeSpan.FromMinutes(30),
            MetricsCallback = metrics => Console.WriteLine($"{metrics.Progress:P0} {metrics}"),
            CancellationToken = stop,
            Seed = 1,
        });
        var generator = trainer.Fit(keyed);
        mlContext.Model.Save(generator, keyed.Schema, modelFile);
        #endregion
        return generator;
    }

    /// <summary>Measures a generator beside two baselines, on tasks of classes that it has not seen.</summary>
    public static void Evaluate(MLContext mlContext, FewShotHyperTransformer generator, IDataView otherExamples)
    {
        #region few-shot-evaluate
        var keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(otherExamples).Transform(otherExamples);
        var results = mlContext.MulticlassClassification.EvaluateFewShot(generator, keyed, new FewShotEvaluationOptions
        {
            Ways = 10,
            Shots = 1,
            Tasks = 600,
            Baselines = [FewShotMethod.PrototypicalNetwork, FewShotMethod.LogisticRegression],
        });
        foreach (var metrics in results)
        {
            Console.WriteLine(metrics);
        }
        #endregion
    }
}
