namespace MLExt.Reports.Html;

/// <summary>The few numbers that matter most, large.</summary>
internal static class Tiles
{
    /// <summary>Draws them.</summary>
    public static Markup Of(params IEnumerable<(string Name, string Value)> tiles) =>
        Markup.Of($"""<dl class="tiles">{tiles.Select(t => Markup.Of($"<div><dt>{t.Name}</dt><dd>{t.Value}</dd></div>"))}</dl>""");
}
