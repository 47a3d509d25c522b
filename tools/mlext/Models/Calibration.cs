namespace MLExt.Models;

/// <summary>How well the probabilities of a model's answers say how often they are right.</summary>
/// <param name="Error">
/// The expected calibration error, 0 to 1: the difference between the mean probability and the share of right answers in each of 15 equal ranges of probability, as the mean
/// over the images.
/// </param>
/// <param name="Ranges">The ranges that have images, by probability.</param>
internal sealed record Calibration(double Error, IReadOnlyList<CalibrationRange> Ranges)
{
    private const int Count = 15;

    /// <summary>Of a model's answers.</summary>
    public static Calibration Of(IReadOnlyList<EvaluatedImage> images)
    {
        CalibrationRange[] ranges =
        [
            .. images.GroupBy(image => Math.Clamp((int)Math.Ceiling(image.Probability * Count) - 1, 0, Count - 1)).OrderBy(range => range.Key)
                .Select(range => new CalibrationRange(range.Average(image => image.Probability), range.Average(image => image.IsRight ? 1.0 : 0), range.Count())),
        ];
        return new Calibration(ranges.Sum(range => range.Images * Math.Abs(range.Probability - range.Right)) / Math.Max(1, images.Count), ranges);
    }
}

/// <summary>Answers of about one probability.</summary>
/// <param name="Probability">Their mean probability.</param>
/// <param name="Right">The share of them that is right.</param>
/// <param name="Images">How many there are.</param>
internal sealed record CalibrationRange(double Probability, double Right, int Images);
