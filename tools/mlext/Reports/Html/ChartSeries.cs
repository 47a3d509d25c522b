namespace MLExt.Reports.Html;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its class in <see cref="ReportStyle"/>: <c>one</c> or <c>two</c>.</param>
/// <param name="Points">Its points from left to right.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);
