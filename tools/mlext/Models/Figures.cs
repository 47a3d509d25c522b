using Microsoft.ML;
using MLExt.Data;

namespace MLExt.Models;

/// <summary>What measuring a model on labelled images gave.</summary>
/// <param name="MicroAccuracy">Share of all images that were classified rightly, 0 to 1.</param>
/// <param name="MacroAccuracy">Mean over the classes of the share classified rightly, 0 to 1.</param>
/// <param name="LogLoss">Mean negative natural logarithm of the probability given to the right class.</param>
/// <param name="LogLossReduction">How much of the log-loss of guessing by class frequency was saved; 1 is perfect. Null where all images are of one class: nothing is saved of nothing.</param>
/// <param name="Images">Images measured.</param>
/// <param name="Skipped">Images that could not be decoded.</param>
/// <param name="Classes">Each class of the model.</param>
internal sealed record Figures(
    double MicroAccuracy,
    double MacroAccuracy,
    double LogLoss,
    double? LogLossReduction,
    long Images,
    long Skipped,
    IReadOnlyList<ClassFigures> Classes)
{
    /// <summary>Measures with ML.NET's multi-class evaluator.</summary>
    /// <param name="context">The context of the model.</param>
    /// <param name="scored">The model's output for <paramref name="images"/>.</param>
    /// <param name="images">The images, all of classes that the model has.</param>
    /// <param name="names">Class names in the order of the scores.</param>
    /// <exception cref="CommandException">No image could be decoded.</exception>
    public static Figures Measure(MLContext context, IDataView scored, ImageSet images, IReadOnlyList<string> names)
    {
        var metrics = context.MulticlassClassification.Evaluate(scored, Columns.Label, Columns.Score, Columns.PredictedLabel);
        var counts = metrics.ConfusionMatrix.Counts.Select(row => (long)row.Sum()).ToArray();
        var measured = counts.Sum();
        if (measured == 0)
        {
            throw new CommandException($"None of the {images.Count} images could be decoded: there is nothing to measure.");
        }

        return new Figures(
            metrics.MicroAccuracy,
            metrics.MacroAccuracy,
            metrics.LogLoss,
            double.IsFinite(metrics.LogLossReduction) ? metrics.LogLossReduction + 0.0 : null, // of -0, 0
            measured,
            images.Count - measured,
            [.. names.Select((name, i) => new ClassFigures(
                name,
                NullIfNone(metrics.ConfusionMatrix.PerClassPrecision[i], metrics.ConfusionMatrix.Counts.Sum(row => row[i])),
                NullIfNone(metrics.ConfusionMatrix.PerClassRecall[i], counts[i]),
                counts[i]))]);
    }

    private static double? NullIfNone(double ratio, double of) => of == 0 ? null : ratio;
}
