using System.Globalization;
using System.Text;

namespace MLExtensions.Accuracy;

/// <summary>The runs of a study as a Markdown table: mean and standard deviation over the seeds.</summary>
internal static class StudyTable
{
    internal static string Of(IReadOnlyCollection<StudyRun> runs, string baseline)
    {
        var table = new StringBuilder()
            .AppendLine("| mixer | parameters | steps | held-out accuracy, % | by seed | held-out loss | ms per image | time / " + baseline + " |")
            .AppendLine("|---|---|---|---|---|---|---|---|");
        var reference = runs.Where(run => run.Contender == baseline).Select(run => run.Milliseconds).DefaultIfEmpty(double.NaN).Average();
        foreach (var row in runs.GroupBy(run => run.Contender))
        {
            var accuracies = row.Select(run => 100 * run.Accuracy).ToArray();
            var milliseconds = row.Average(run => run.Milliseconds);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {row.Key} | {row.First().Parameters:N0} | {row.Average(run => run.Steps):F0} "
                + $"| {accuracies.Average():F2} ± {Deviation(accuracies):F2} | {string.Join(" / ", accuracies.Select(a => a.ToString("F2", CultureInfo.InvariantCulture)))} "
                + $"| {row.Average(run => run.Loss):F4} | {milliseconds:F2} | {milliseconds / reference:F2} |");
        }

        return table.ToString();
    }

    /// <summary>The sample standard deviation; 0 for a single value.</summary>
    internal static double Deviation(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
