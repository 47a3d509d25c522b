using System.Globalization;
using MLExt.Models;

namespace MLExt.Reports.Html;

/// <summary>Whether answers are right as often as their probabilities say.</summary>
internal static class ReliabilityDiagram
{
    /// <summary>Draws the section.</summary>
    public static ReportSection Section(Calibration calibration) => new("Calibration", Markup.Of($"""
        {LineChart.Draw("Share of right answers", "probability of the answer, %",
        [
            new("as it should be", "two", [(0, 0), (100, 1)]),
            new("measured", "one", [.. calibration.Ranges.Select(range => (100 * range.Probability, range.Right))]),
        ], isShare: true)}
        <p class="note">Expected calibration error {calibration.Error.ToString("0.0000", CultureInfo.InvariantCulture)}: how far the probability of an answer is from the share of right
        ones, as the mean over the images in 15 ranges of probability.</p>
        """));
}
