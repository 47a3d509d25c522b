using Microsoft.ML;
using MLExt.Data;

namespace MLExt.Models;

/// <summary>A model's answers for a set of labelled images, and what they add up to. Holds no pictures.</summary>
/// <param name="Figures">The metrics.</param>
/// <param name="Confusion">Counts of images: a row for each true class, a column for each class that was answered, both in the order of the scores.</param>
/// <param name="Images">The answers in the order of the images, without those that could not be decoded.</param>
/// <param name="Undecodable">Indices of the images that could not be decoded.</param>
internal sealed record ImageEvaluation(
    Figures Figures,
    IReadOnlyList<IReadOnlyList<long>> Confusion,
    IReadOnlyList<EvaluatedImage> Images,
    IReadOnlyList<int> Undecodable)
{
    /// <summary>Classes that are kept of each answer.</summary>
    public const int BestKept = 3;

    /// <summary>Class names in the order of the scores.</summary>
    public IEnumerable<string> Classes => Figures.Classes.Select(c => c.Name);

    /// <summary>How well the probabilities say how often the answers are right.</summary>
    public Calibration Calibration => Calibration.Of(Images);

    /// <summary>Scores every image once, in memory, and measures. The scores of all images are held until it is done.</summary>
    /// <param name="context">The context of the model.</param>
    /// <param name="scored">The model's output for <paramref name="images"/>, in their order.</param>
    /// <param name="images">The images, all of classes that the model has.</param>
    /// <param name="names">Class names in the order of the scores.</param>
    /// <exception cref="CommandException">No image could be decoded.</exception>
    public static ImageEvaluation Measure(MLContext context, IDataView scored, ImageSet images, IReadOnlyList<string> names)
    {
        var kept = context.Data.Cache(scored, Columns.Label, Columns.Score, Columns.PredictedLabel);
        var figures = Figures.Measure(context, kept, images, names);
        var indices = names.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        var confusion = names.Select(_ => new long[names.Count]).ToArray();
        var (answers, undecodable, row) = (new List<EvaluatedImage>(), new List<int>(), 0);
        foreach (var prediction in context.Data.CreateEnumerable<Prediction>(kept, reuseRowObject: true, ignoreMissingColumns: true))
        {
            var image = row++;
            if (!prediction.IsScored)
            {
                undecodable.Add(image);
                continue;
            }

            var label = images.Label(image);
            // The most probable class, also where a model takes the image for none of them: the figures are about that too.
            var answer = new EvaluatedImage(image, label, prediction.Score[indices[label]], prediction.Best(names, BestKept));
            answers.Add(answer);
            confusion[indices[label]][indices[answer.Predicted]]++;
        }

        return new ImageEvaluation(figures, confusion, answers, undecodable);
    }

    /// <summary>The wrong answers that the model was surest of, surest first.</summary>
    /// <param name="count">The most to give.</param>
    public IReadOnlyList<EvaluatedImage> MostWrong(int count) =>
        [.. Images.Where(i => !i.IsRight).OrderByDescending(i => i.Probability).ThenBy(i => i.Image).Take(count)];
}
