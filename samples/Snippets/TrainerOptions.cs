using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TTT;
using Microsoft.ML.Transforms.Image;

namespace Samples.Snippets;

/// <summary>The code of docs/getting-started.md. A test holds the regions against the text.</summary>
public static class TrainerOptions
{
    /// <summary>A trainer that has half an hour, reports, and can be stopped.</summary>
    public static TTTImageClassificationTrainer Trainer(MLContext mlContext, IDataView? validationSet, CancellationToken stop)
    {
        #region options
        var options = new TTTImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            TrainTime = TimeSpan.FromMinutes(30),
            ValidationSet = validationSet,
            MetricsCallback = metrics => Console.WriteLine($"{metrics.Progress:P0} {metrics}"),
            CancellationToken = stop,
            CheckpointPath = "training.checkpoint",
            Seed = 1,
        };
        var trainer = mlContext.MulticlassClassification.Trainers.TTTImageClassification(options);
        #endregion
        return trainer;
    }

    /// <summary>Options for photographs.</summary>
    public static TTTImageClassificationTrainer.Options Photographs()
    {
        #region photographs
        var options = new TTTImageClassificationTrainer.Options
        {
            FeatureColumnName = "Image",
            Backbone = ImageBackbone.ResNet18,
            TrainTime = TimeSpan.FromMinutes(5),
        };
        #endregion
        return options;
    }

    /// <summary>Training on a CUDA device.</summary>
    public static void UseGpu()
    {
        #region gpu
        var mlContext = new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        #endregion
        _ = mlContext;
    }

    /// <summary>A pipeline whose image column holds decoded images.</summary>
    public static IEstimator<ITransformer> DecodedImages(MLContext mlContext, string folder)
    {
        #region decoded-images
        var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder: folder, inputColumnName: "ImagePath")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
            .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(featureColumnName: "Image"));
        #endregion
        return pipeline;
    }

    /// <summary>A pipeline whose image column holds pixels.</summary>
    public static IEstimator<ITransformer> Pixels(MLContext mlContext, string folder)
    {
        #region pixels
        var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder: folder, inputColumnName: "ImagePath")
            .Append(mlContext.Transforms.ResizeImages("Image", imageWidth: 32, imageHeight: 32, resizing: ImageResizingEstimator.ResizingKind.Fill))
            .Append(mlContext.Transforms.ExtractPixels("Pixels", inputColumnName: "Image"))
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label"))
            .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(featureColumnName: "Pixels"));
        #endregion
        return pipeline;
    }

    /// <summary>Names and probabilities of all classes, best first.</summary>
    public static IEnumerable<(string Name, float Probability)> Ranked(PredictionEngine<FirstPipeline.ImageFile, FirstPipeline.ImagePrediction> engine, FirstPipeline.ImageFile image)
    {
        #region class-names
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema["Score"].GetSlotNames(ref names);
        var ranked = names.DenseValues().Zip(engine.Predict(image).Score)
            .Select(pair => (Name: pair.First.ToString(), Probability: pair.Second))
            .OrderByDescending(answer => answer.Probability);
        #endregion
        return ranked;
    }
}
