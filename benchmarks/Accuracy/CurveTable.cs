using System.Globalization;
using System.Text;

namespace MLExtensions.Accuracy;

/// <summary>Learning curves as a Markdown table: mean and standard deviation over the seeds at equal times and at equal steps.</summary>
internal static class CurveTable
{
    /// <param name="points">All curves.</param>
    /// <param name="columns">What each accuracy is called.</param>
    internal static string Of(IReadOnlyCollection<CurvePoint> points, IReadOnlyList<string> columns)
    {
        var curves = points.GroupBy(point => (point.Contender, point.Seed)).Select(curve => curve.OrderBy(point => point.Steps).ToArray()).ToArray();
        var (steps, seconds) = (curves.Min(curve => curve[^1].Steps), curves.Min(curve => curve[^1].Seconds));
        var moments = new (string Name, Func<CurvePoint, bool> IsReached)[]
        {
            ($"{steps} steps", point => point.Steps <= steps),
            ($"{seconds / 2:F0} s", point => point.Seconds <= seconds / 2),
            ($"{seconds:F0} s", point => point.Seconds <= seconds),
        };
        var table = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"| | parameters | seconds for 100 steps | {string.Join(" | ", moments.SelectMany(moment => columns.Select(column => $"{column} after {moment.Name}")))} |")
            .AppendLine("|---|---|---|" + string.Concat(Enumerable.Repeat("---|", moments.Length * columns.Count)));
        foreach (var row in curves.GroupBy(curve => curve[0].Contender))
        {
            table.Append(CultureInfo.InvariantCulture, $"| {row.Key} | {row.First()[0].Parameters:N0} | {row.Average(curve => 100 * curve[^1].Seconds / curve[^1].Steps):F1} |");
            foreach (var (_, isReached) in moments)
            {
                for (var column = 0; column < columns.Count; column++)
                {
                    var values = row.Select(curve => 100 * At(curve, isReached, column)).ToArray();
                    table.Append(CultureInfo.InvariantCulture, $" {values.Average():F1} ± {StudyTable.Deviation(values):F1} |");
                }
            }

            table.AppendLine();
        }

        return table.ToString();
    }

    // The last validation up to the moment; nothing where the first one came later.
    private static double At(CurvePoint[] curve, Func<CurvePoint, bool> isReached, int column) => curve.LastOrDefault(isReached)?.Accuracies[column] ?? double.NaN;
}
