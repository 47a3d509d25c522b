using Microsoft.ML;
using Microsoft.ML.FewShot;
using Microsoft.ML.Transforms.Image;
using static Samples.Snippets.FirstPipeline;

namespace Samples.Snippets;

/// <summary>The code of docs/few-shot.md that makes and uses classifiers. A test holds the regions against the text.</summary>
public static class FewShotClassifiers
{
    /// <summary>A classifier of the pretrained generator's, from image files, saved.</summary>
    public static void FromFiles(string folder, string modelFile)
    {
        #region few-shot-pretrained
        var mlContext = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(mlContext);

        var files = Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)
            .Select(path => new ImageFile { ImagePath = path, Label = new FileInfo(path).Directory!.Name });
        var examples = mlContext.Data.LoadFromEnumerable(files.ToArray());

        var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var classifier = pipeline.Fit(examples);
        mlContext.Model.Save(classifier, examples.Schema, modelFile);
        #endregion
    }

    /// <summary>A classifier of photographs.</summary>
    public static ITransformer OfPhotographs(MLContext mlContext, IDataView examples)
    {
        #region few-shot-photographs
        using var generator = FewShotHyperTransformer.LoadPretrained(mlContext, PretrainedGenerator.Photographs);
        var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var classifier = pipeline.Fit(examples);
        #endregion
        return classifier;
    }

    /// <summary>A classifier of whatever the examples are.</summary>
    public static FewShotClassifier OfEither(MLContext mlContext, IDataView examples)
    {
        #region few-shot-choose
        var images = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath").Fit(examples).Transform(examples);
        using var generator = FewShotHyperTransformer.LoadPretrainedFor(mlContext, images);
        var classifier = generator.CreateClassifier(images);
        #endregion
        return classifier;
    }

    /// <summary>A classifier of the vectors that another network makes of pictures, whose ONNX file has one input and one output.</summary>
    public static ITransformer OfEmbeddings(MLContext mlContext, IDataView examples, string onnxFile)
    {
        #region few-shot-embeddings
        using var generator = FewShotHyperTransformer.LoadPretrained(mlContext, PretrainedGenerator.Embeddings);
        var pipeline = mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.Transforms.ResizeImages("Image", 224, 224, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(mlContext.Transforms.ExtractPixels("Red", "Image", ImagePixelExtractingEstimator.ColorBits.Red, offsetImage: 122.77f, scaleImage: 1 / 68.5f))
            .Append(mlContext.Transforms.ExtractPixels("Green", "Image", ImagePixelExtractingEstimator.ColorBits.Green, offsetImage: 116.75f, scaleImage: 1 / 66.63f))
            .Append(mlContext.Transforms.ExtractPixels("Blue", "Image", ImagePixelExtractingEstimator.ColorBits.Blue, offsetImage: 104.09f, scaleImage: 1 / 70.32f))
            .Append(mlContext.Transforms.Concatenate("pixel_values", "Red", "Green", "Blue"))
            .Append(mlContext.Transforms.ApplyOnnxModel("image_embeds", "pixel_values", onnxFile))
            .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator, new FewShotClassifierOptions { FeatureColumnName = "image_embeds" }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var classifier = pipeline.Fit(examples);
        #endregion
        return classifier;
    }

    /// <summary>What a saved classifier says of one image, in whatever process.</summary>
    public static string Predict(string modelFile, string imagePath)
    {
        #region few-shot-predict
        var mlContext = new MLContext();
        var classifier = mlContext.Model.Load(modelFile, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<ImageFile, ImagePrediction>(classifier);
        var prediction = engine.Predict(new ImageFile { ImagePath = imagePath });
        #endregion
        return prediction.PredictedLabel;
    }

    /// <summary>A classifier that can be added to.</summary>
    public static FewShotClassifier AddClass(FewShotHyperTransformer generator, IDataView examples, IDataView moreExamples)
    {
        #region few-shot-add
        using var classifier = generator.CreateClassifier(examples, new FewShotClassifierOptions { KeepSupport = true });
        var larger = classifier.AddExamples(generator, moreExamples);
        Console.WriteLine($"{larger.Classes.Count} classes; the examples take {larger.SupportBytes} bytes.");
        #endregion
        return larger;
    }

    /// <summary>A classifier that may say that an image is of none of its classes.</summary>
    public static string? Reject(MLContext mlContext, FewShotHyperTransformer generator, IDataView examples, ImageBytes question)
    {
        #region few-shot-reject
        using var classifier = generator.CreateClassifier(examples, new FewShotClassifierOptions
        {
            RejectUnknown = true,
            FalseRejectionRate = 0.02,
        });
        using var engine = mlContext.Model.CreatePredictionEngine<ImageBytes, KnownPrediction>(classifier);
        var prediction = engine.Predict(question);
        var answer = prediction.PredictedLabel == 0 ? "none of these" : classifier.Classes[(int)prediction.PredictedLabel - 1];
        Console.WriteLine($"{answer}, known score {prediction.KnownScore:0.00}");
        #endregion
        return answer;
    }

    /// <summary>Rows of which some belong to the support set, for many tasks at once.</summary>
    public static IDataView ManyTasks(MLContext mlContext, FewShotHyperTransformer generator, IDataView rows)
    {
        #region few-shot-tasks
        var keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var scored = generator.WithColumns(groupColumnName: "Customer").Transform(keyed);
        #endregion
        return scored;
    }
}

/// <summary>An image file in memory.</summary>
public class ImageBytes
{
    /// <summary>The bytes of the file.</summary>
    public byte[] Features { get; set; } = [];

    /// <summary>What it shows; empty where that is asked.</summary>
    public string Label { get; set; } = "";
}

#region few-shot-reject-row
public class KnownPrediction
{
    public uint PredictedLabel { get; set; }
    public float KnownScore { get; set; }
}
#endregion
