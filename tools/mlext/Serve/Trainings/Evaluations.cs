using MLExt.Data;
using MLExt.Models;
using MLExt.Serve.Contract;

namespace MLExt.Serve.Trainings;

/// <summary>Says how good a model is.</summary>
internal static class Evaluations
{
    private const int MostWrong = 24;

    /// <summary>Describes an evaluation.</summary>
    /// <param name="evaluation">The model's answers; null where nothing was measured.</param>
    /// <param name="measured">The images that were measured.</param>
    /// <param name="all">The whole data set, whose numbers the answer uses.</param>
    public static EvaluationAnswer Describe(ImageEvaluation? evaluation, ImageSet measured, ImageSet all)
    {
        if (evaluation is null)
        {
            return new EvaluationAnswer(0, null, null, null, [], [], []);
        }

        var figures = evaluation.Figures;
        var numbers = Enumerable.Range(0, all.Count).ToDictionary(all.Path, StringComparer.Ordinal);
        return new EvaluationAnswer(
            figures.Images, figures.MicroAccuracy, figures.MacroAccuracy, double.IsFinite(figures.LogLoss) ? figures.LogLoss : null,
            [.. figures.Classes.Select(Describe)],
            evaluation.Confusion,
            [.. evaluation.MostWrong(MostWrong).Select(wrong => new WrongAnswer(numbers[measured.Path(wrong.Image)], wrong.Label, wrong.Predicted, wrong.Probability))]);
    }

    private static ClassEvaluation Describe(ClassFigures figures) => new(figures.Name, figures.Count, figures.Precision, figures.Recall, figures.F1);
}
