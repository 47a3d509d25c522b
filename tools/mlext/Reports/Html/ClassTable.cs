using MLExt.Models;

namespace MLExt.Reports.Html;

/// <summary>How each class fared.</summary>
internal static class ClassTable
{
    /// <summary>The section.</summary>
    public static ReportSection Section(Figures figures) => new("Classes", Markup.Of($"""
        <p class="note">Precision: of the images called so, the share that are. Recall: of the images of the class, the share that were called so. F1: their harmonic mean.</p>
        <div class="scroll"><table>
        <tr><th scope="col">Class</th><th scope="col">Images</th><th scope="col">Precision</th><th scope="col">Recall</th><th scope="col">F1</th></tr>
        {figures.Classes.Select(c => Markup.Of($"""
            <tr><th scope="row">{c.Name}</th><td>{c.Count}</td><td>{Share(c.Precision)}</td><td>{Bar(c.Recall)}{Share(c.Recall)}</td><td>{Share(c.F1)}</td></tr>
            """))}
        </table></div>
        """));

    private static Markup Share(double? value) => value is { } share ? Markup.Of($"{share:0.000}") : Markup.Of($"–");

    private static Markup Bar(double? value) =>
        value is { } share ? Markup.Of($"""<span class="bar" aria-hidden="true"><i style="width:{100 * share:0}%"></i></span>""") : default;
}
