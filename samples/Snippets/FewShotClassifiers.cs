using Microsoft.ML;
using Microsoft.ML.FewShot;
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
