namespace MLExt.Reports.Html;

/// <summary>A report as one HTML file that loads nothing and runs no script, readable in light and dark, on a phone and on paper.</summary>
/// <param name="Title">What it reports.</param>
/// <param name="Subtitle">More about that, in a line.</param>
/// <param name="Sections">Its parts from top to bottom; null ones are left out.</param>
internal sealed record ReportPage(string Title, string Subtitle, params IReadOnlyList<ReportSection?> Sections)
{
    /// <summary>The file's text.</summary>
    public override string ToString() => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <title>{Title}</title>
        <style>
        {ReportStyle.Sheet}
        </style>
        </head>
        <body>
        <header><h1>{Title}</h1><p>{Subtitle}</p></header>
        <main>
        {Sections.OfType<ReportSection>().Select(Section)}
        </main>
        </body>
        </html>

        """).ToString();

    private static Markup Section(ReportSection section) => Markup.Of($"""
        <section>
        <h2>{section.Title}</h2>
        {section.Body}
        </section>
        """);
}
