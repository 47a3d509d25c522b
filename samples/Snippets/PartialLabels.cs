using Microsoft.ML;
using Microsoft.ML.FewShot;

namespace Samples.Snippets;

/// <summary>The code of docs/few-shot.md about partially labelled examples. A test holds the regions against the text.</summary>
public static class PartialLabels
{
    #region few-shot-partial-row
    public class Example
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
        public string[] Candidates { get; set; } = [];
    }
    #endregion

    /// <summary>A classifier from examples of which some have a label, some candidates, and some neither.</summary>
    public static ITransformer Fit(MLContext mlContext, FewShotHyperTransformer generator, string folder)
    {
        #region few-shot-partial
        Example[] examples =
        [
            new() { ImagePath = Path.Combine(folder, "seven.png"), Label = "7" },
            new() { ImagePath = Path.Combine(folder, "one.png"), Label = "1" },
            new() { ImagePath = Path.Combine(folder, "three.png"), Label = "3" },
            new() { ImagePath = Path.Combine(folder, "seven-or-one.png"), Candidates = ["7", "1"] },
            new() { ImagePath = Path.Combine(folder, "any-of-them.png") },
        ];
        var pipeline = mlContext.Transforms.LoadRawImageBytes("Features", imageFolder: null, inputColumnName: "ImagePath")
            .Append(mlContext.MulticlassClassification.Trainers.FewShotClassifier(generator, new FewShotClassifierOptions
            {
                CandidatesColumnName = "Candidates",
            }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var classifier = pipeline.Fit(mlContext.Data.LoadFromEnumerable(examples));
        #endregion
        return classifier;
    }
}
