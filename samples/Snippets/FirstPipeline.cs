using Microsoft.ML;
using Microsoft.ML.Data;

namespace Samples.Snippets;

/// <summary>The pipeline of README.md. A test holds the regions against the text.</summary>
public static class FirstPipeline
{
    #region image-rows
    public class ImageFile
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    public class ImagePrediction
    {
        public string PredictedLabel { get; set; } = "";
        public float[] Score { get; set; } = [];
    }
    #endregion

    /// <summary>Trains on a folder that has a folder of PNG files for each class.</summary>
    public static MulticlassClassificationMetrics Train(string folder, string modelFile)
    {
        #region first-pipeline
        var mlContext = new MLContext(seed: 1);
        var files = Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)
            .Select(path => new ImageFile { ImagePath = path, Label = new FileInfo(path).Directory!.Name });
        var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(files.ToArray()), testFraction: 0.2);

        var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
            .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification())
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(split.TrainSet);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        mlContext.Model.Save(model, split.TrainSet.Schema, modelFile);
        #endregion
        return metrics;
    }

    /// <summary>Loads a saved model, in whatever process, and asks it for one image.</summary>
    public static string Predict(string modelFile, string imagePath)
    {
        #region first-prediction
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelFile, out _);
        var engine = mlContext.Model.CreatePredictionEngine<ImageFile, ImagePrediction>(model);
        var prediction = engine.Predict(new ImageFile { ImagePath = imagePath });
        #endregion
        return prediction.PredictedLabel;
    }

    #region explained-row
    public class ExplainedPrediction : ImagePrediction
    {
        public float[] FeatureContributions { get; set; } = [];
    }
    #endregion

    /// <summary>Draws what spoke for a saved model's answer for one image.</summary>
    public static void Explain(string modelFile, string imagePath, string overlayPath)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelFile, out _);
        #region explain
        var images = mlContext.Data.LoadFromEnumerable([new ImageFile { ImagePath = imagePath }]);
        var explained = mlContext.Model.Explain(model, images);
        var answer = mlContext.Data.CreateEnumerable<ExplainedPrediction>(explained, reuseRowObject: false).Single();
        File.WriteAllBytes(overlayPath, ModelExplanation.DrawContributions(File.ReadAllBytes(imagePath), answer.FeatureContributions));
        #endregion
    }

    /// <summary>Draws where in an image each head of a saved model's token mixers learned.</summary>
    public static void InnerLoss(string modelFile, string imagePath, string folder)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelFile, out _);
        #region inner-loss
        var image = File.ReadAllBytes(imagePath);
        foreach (var map in mlContext.Model.InnerLoss(model, image))
        {
            Console.WriteLine($"block {map.Block}, head {map.Head}: {map.MeanAfter(0)} before, {map.MeanAfter(map.Steps)} after {map.Steps} steps");
            File.WriteAllBytes(Path.Combine(folder, $"{map.Block}-{map.Head}.png"), ModelExplanation.DrawContributions(image, map.Reduction()));
        }
        #endregion
    }
}
