namespace MLExt.Reports.Html;

/// <summary>Draws shares with their intervals as bars.</summary>
internal static class IntervalChart
{
    private const double Width = 640;
    private const double Left = 170;
    private const double Right = 100;
    private const double RowHeight = 34;
    private const double BarHeight = 16;

    /// <summary>Draws.</summary>
    /// <param name="title">What is drawn; read out.</param>
    /// <param name="rows">A name, a share from 0 to 1, and half the width of its interval.</param>
    public static Markup Draw(string title, IReadOnlyList<(string Name, double Value, double Half)> rows)
    {
        var height = (rows.Count * RowHeight) + 30;
        return Markup.Of($"""
            <figure><svg viewBox="0 0 {Width} {height}" role="img" aria-label="{title}">
            {Enumerable.Range(0, 6).Select(i => Markup.Of($"""
                <path class="grid" d="M{X(i / 5.0):0.#} 4V{height - 24}"/><text x="{X(i / 5.0):0.#}" y="{height - 8}" text-anchor="middle">{20 * i} %</text>
                """))}
            {rows.Select((row, i) => Row(row.Name, row.Value, row.Half, (i * RowHeight) + 8))}
            </svg></figure>
            """);
    }

    private static Markup Row(string name, double value, double half, double top)
    {
        var (middle, from, to) = (top + (BarHeight / 2), X(Math.Max(0, value - half)), X(Math.Min(1, value + half)));
        return Markup.Of($"""
            <text x="{Left - 8}" y="{middle + 4}" text-anchor="end">{name}</text>
            <rect class="one" x="{Left}" y="{top}" width="{X(value) - Left:0.#}" height="{BarHeight}"/>
            <path class="whisker" d="M{from:0.#} {middle}H{to:0.#}M{from:0.#} {middle - 5}v10M{to:0.#} {middle - 5}v10"/>
            <text x="{Width - Right + 8}" y="{middle + 4}">{100 * value:0.00} ± {100 * half:0.00}</text>
            """);
    }

    private static double X(double share) => Left + (share * (Width - Right - Left));
}
