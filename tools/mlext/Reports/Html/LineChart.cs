namespace MLExt.Reports.Html;

/// <summary>Draws lines over two axes as SVG.</summary>
internal static class LineChart
{
    private const double Width = 480;
    private const double Height = 270;
    private const double Left = 48;
    private const double Right = 12;
    private const double Top = 30;
    private const double Bottom = 40;

    /// <summary>Draws.</summary>
    /// <param name="title">What the y axis shows; read out too.</param>
    /// <param name="xTitle">What the x axis shows: whole numbers.</param>
    /// <param name="series">The lines; points that are not finite are left out.</param>
    /// <param name="isShare">Whether the y axis is a share, drawn from 0 or near the lowest value to at most 1.</param>
    public static Markup Draw(string title, string xTitle, IReadOnlyList<ChartSeries> series, bool isShare)
    {
        var lines = series.Select(s => s with { Points = [.. s.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))] })
            .Where(s => s.Points.Count > 0).ToArray();
        if (lines.Length == 0)
        {
            return Markup.Of($"""<p class="note">{title}: nothing was measured.</p>""");
        }

        var points = lines.SelectMany(s => s.Points).ToArray();
        var xTicks = AxisTicks.Of(points.Min(p => p.X), points.Max(p => p.X), 6, whole: true);
        var yTicks = AxisTicks.Of(isShare ? points.Min(p => p.Y) : Math.Min(0, points.Min(p => p.Y)), points.Max(p => p.Y), 5);
        yTicks = isShare ? [.. yTicks.Where(t => t is > -1e-9 and < 1 + 1e-9)] : yTicks;
        yTicks = yTicks.Count < 2 ? [0, 1] : yTicks;
        var (x, y) = (Scale(xTicks, Left, Width - Right), Scale(yTicks, Height - Bottom, Top));
        return Markup.Of($"""
            <figure><svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title} over {xTitle}">
            {yTicks.Select(t => Markup.Of($"""<path class="grid" d="M{Left} {y(t):0.#}H{Width - Right}"/><text x="{Left - 6}" y="{y(t) + 4:0.#}" text-anchor="end">{t:0.####}</text>"""))}
            {xTicks.Select(t => Markup.Of($"""<text x="{x(t):0.#}" y="{Height - Bottom + 16}" text-anchor="middle">{t:0.##}</text>"""))}
            <path class="axis" d="M{Left} {Height - Bottom}H{Width - Right}"/>
            <text x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{xTitle}</text>
            <text x="4" y="14">{title}</text>
            {lines.Select((s, i) => Line(s, x, y, Width - Right - (120 * (lines.Length - i))))}
            </svg></figure>
            """);
    }

    private static Markup Line(ChartSeries series, Func<double, double> x, Func<double, double> y, double legend)
    {
        var key = Markup.Of($"""<path class="line {series.Style}" d="M{legend} 10h26"/><text x="{legend + 32}" y="14">{series.Name}</text>""");
        if (series.Points is [var only])
        {
            return Markup.Of($"""<circle class="{series.Style}" cx="{x(only.X):0.#}" cy="{y(only.Y):0.#}" r="4"/>{key}""");
        }

        var path = series.Points.Select((p, i) => Markup.Of($"{(i == 0 ? "M" : "L")}{x(p.X):0.#} {y(p.Y):0.#}"));
        return Markup.Of($"""<path class="line {series.Style}" d="{path}"/>{key}""");
    }

    private static Func<double, double> Scale(IReadOnlyList<double> ticks, double from, double to) =>
        value => from + ((value - ticks[0]) / (ticks[^1] - ticks[0]) * (to - from));
}
