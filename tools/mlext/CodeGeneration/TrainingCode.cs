using System.Globalization;
using Microsoft.ML.TTT;
using MLExt.Training;

namespace MLExt.CodeGeneration;

/// <summary>NAME.training.cs: how the model was trained and can be trained again, with the members that Model Builder's code has.</summary>
internal static class TrainingCode
{
    /// <summary>The file's text.</summary>
    /// <param name="subject">The model.</param>
    /// <param name="className">The class to write.</param>
    public static string Text(CodeSubject subject, string className) => $$"""
        {{CodeText.Header(subject)}}
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.TTT;

        namespace {{subject.Namespace}}
        {
            public partial class {{className}}
            {
                /// <summary>The folder the model was trained on: in it a folder of images for each class.</summary>
                public const string RetrainFilePath = {{CodeText.Literal(subject.ImageFolder)}};

                /// <summary>Trains a new model and saves it.</summary>
                /// <param name="outputModelPath">The model file to write.</param>
                /// <param name="inputDataFolderPath">A folder with a folder of images for each class.</param>
                public static void Train(string outputModelPath, string inputDataFolderPath = RetrainFilePath)
                {
                    var mlContext = new MLContext(seed: {{subject.Settings.Seed}});
                    var data = LoadImageFromFolder(mlContext, inputDataFolderPath);
                    var model = RetrainModel(mlContext, data);
                    SaveModel(mlContext, model, data, outputModelPath);
                }

                /// <summary>Finds the images of a folder. They are read while training, not before.</summary>
                /// <param name="mlContext">The common context of all ML.NET operations.</param>
                /// <param name="folder">A folder with a folder of images for each class; the class is named by the path below it.</param>
                public static IDataView LoadImageFromFolder(MLContext mlContext, string folder)
                {
                    var extensions = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { {{Extensions()}} };
                    var images = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                        .Where(file => extensions.Contains(Path.GetExtension(file)))
                        .Select(file => (File: file, Label: Path.GetRelativePath(folder, Path.GetDirectoryName(file) ?? folder).Replace('\\', '/')))
                        .Where(image => image.Label != ".")
                        .OrderBy(image => image.File, StringComparer.Ordinal)
                        .ToArray();
                    if (images.Select(image => image.Label).Distinct().Count() < 2)
                    {
                        throw new InvalidOperationException($"'{folder}' needs a folder of images for each of two classes or more.");
                    }

                    return mlContext.Data.LoadFromEnumerable(images.Select(image => new ModelInput
                    {
                        Label = image.Label,
                        ImageSource = File.ReadAllBytes(image.File),
                    }));
                }

                /// <summary>Saves a model.</summary>
                /// <param name="mlContext">The common context of all ML.NET operations.</param>
                /// <param name="model">The model.</param>
                /// <param name="data">The data it was trained on.</param>
                /// <param name="modelSavePath">The file to write.</param>
                public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath)
                {
                    using (var stream = File.Create(modelSavePath))
                    {
                        mlContext.Model.Save(model, data.Schema, stream);
                    }
                }

                /// <summary>Trains the pipeline of <see cref="BuildPipeline"/>.</summary>
                /// <param name="mlContext">The common context of all ML.NET operations.</param>
                /// <param name="trainData">Rows of <see cref="ModelInput"/>.</param>
                public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData)
                {
                    var pipeline = BuildPipeline(mlContext);
                    return pipeline.Fit(trainData);
                }

                /// <summary>Builds the pipeline that the model was trained with.</summary>
                /// <param name="mlContext">The common context of all ML.NET operations.</param>
                public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext)
                {
                    return mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: @"Label", inputColumnName: @"Label")
                        .Append(mlContext.MulticlassClassification.Trainers.TTTImageClassification(new TTTImageClassificationTrainer.Options
                        {
                            LabelColumnName = @"Label",
                            FeatureColumnName = @"ImageSource",
                            ScoreColumnName = @"Score",
                            PredictedLabelColumnName = @"PredictedLabel",
        {{Options(subject.Settings)}}
                        }))
                        .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: @"PredictedLabel", inputColumnName: @"PredictedLabel"));
                }
            }
        }

        """;

    private static string Options(ImageTrainingSettings settings)
    {
        const string Indent = "                    ";
        string?[] set =
        [
            settings.Backbone != ImageBackbone.None ? $"Backbone = {nameof(ImageBackbone)}.{settings.Backbone}," : null,
            settings.TokenMixer is { } mixer ? $"TokenMixer = {nameof(TokenMixer)}.{mixer}," : null,
            settings.ImageSize is { } size ? Number($"ImageSize = {size},") : null,
            settings.Epochs is { } epochs ? Number($"Epoch = {epochs},") : null,
            settings.TrainTime is { } time ? Number($"TrainTime = TimeSpan.FromSeconds({time.TotalSeconds}),") : null,
            settings.FalseRejectionRate is null ? null : "RejectUnknown = true,",
            settings.FalseRejectionRate is { } rate ? Number($"FalseRejectionRate = {rate},") : null,
            Number($"Seed = {settings.Seed},"),
            settings.Gpu is { } gpu ? Number($"GpuDeviceId = {gpu},") : null,
        ];
        return string.Join("\n", set.OfType<string>().Select(line => Indent + line));
    }

    private static string Extensions() => string.Join(", ", Data.ImageStore.ImageExtensions.Select(e => $"\"{e}\""));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
