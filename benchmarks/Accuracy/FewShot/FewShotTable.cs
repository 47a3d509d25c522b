using System.Globalization;
using System.Text;

namespace MLExtensions.Accuracy.FewShot;

/// <summary>The runs of the few-shot study as Markdown tables, one a protocol: methods down, channels across.</summary>
internal static class FewShotTable
{
    internal static string Of(IReadOnlyCollection<FewShotRun> runs)
    {
        var text = new StringBuilder();
        int[] widths = [.. runs.Select(run => run.Channels).Distinct().Order()];
        string[] protocols = [.. runs.SelectMany(run => run.Results.Keys).Distinct()];
        foreach (var protocol in protocols)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {protocol}, % | {string.Join(" | ", widths.Select(width => $"{width} channels"))} |")
                .AppendLine($"|---|{string.Concat(Enumerable.Repeat("---|", widths.Length))}");
            foreach (var row in runs.GroupBy(run => run.Contender))
            {
                var cells = widths.Select(width => Cell([.. row.Where(run => run.Channels == width && run.Results.ContainsKey(protocol)).Select(run => run.Results[protocol])]));
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Key} | {string.Join(" | ", cells)} |");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>The mean over the seeds, its spread between seeds (sample standard deviation), and in brackets the tasks' 95 % interval of one seed.</summary>
    private static string Cell(double[][] results)
    {
        if (results.Length == 0)
        {
            return "";
        }

        var mean = results.Average(result => result[0]);
        var spread = results.Length < 2 ? 0 : Math.Sqrt(results.Sum(result => Math.Pow(result[0] - mean, 2)) / (results.Length - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{100 * mean:F2} ± {100 * spread:F2} ({100 * results.Average(result => result[1]):F2})");
    }
}
