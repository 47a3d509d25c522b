namespace MLExt.Reports.Html;

/// <summary>Names with their values, as a table under a heading.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Rows">The rows; those without a value are left out.</param>
internal sealed record Facts(string Title, IReadOnlyList<(string Name, string? Value)> Rows)
{
    /// <summary>The software that computed.</summary>
    public static Facts Software() => new("Software", [.. SoftwareVersions.All().Select(v => (v.Key, (string?)v.Value))]);

    /// <summary>The table.</summary>
    public Markup ToMarkup() => Markup.Of($"""
        <h3>{Title}</h3>
        <div class="scroll"><table>
        {Rows.Where(r => r.Value is not null).Select(r => Markup.Of($"""<tr><th scope="row">{r.Name}</th><td class="text">{r.Value}</td></tr>"""))}
        </table></div>
        """);

    /// <summary>Tables as a section of a report.</summary>
    public static ReportSection Section(params IEnumerable<Facts> facts) => new("How it was made", Markup.Join(facts.Select(f => f.ToMarkup())));
}
