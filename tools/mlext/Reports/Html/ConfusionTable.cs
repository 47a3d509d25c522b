using MLExt.Models;

namespace MLExt.Reports.Html;

/// <summary>Which classes are taken for which.</summary>
internal static class ConfusionTable
{
    /// <summary>With more classes the whole matrix would not be readable, and only the most frequent confusions are listed.</summary>
    private const int MostClasses = 30;

    /// <summary>The most confusions that are listed.</summary>
    private const int MostListed = 30;

    /// <summary>The section.</summary>
    public static ReportSection Section(ImageEvaluation evaluation)
    {
        string[] names = [.. evaluation.Classes];
        return new("Confusion matrix", names.Length <= MostClasses ? Matrix(names, evaluation.Confusion) : List(names, evaluation.Confusion));
    }

    private static Markup Matrix(string[] names, IReadOnlyList<IReadOnlyList<long>> counts) => Markup.Of($"""
        <p class="note">Rows are the true classes, columns what the model answered; every count is shaded by its share of the row.</p>
        <div class="scroll"><table class="confusion">
        <tr><th scope="col">true \ answered</th>{names.Select(n => Markup.Of($"""<th scope="col">{n}</th>"""))}<th scope="col">images</th></tr>
        {names.Select((name, row) => Markup.Of($"""
            <tr><th scope="row">{name}</th>{counts[row].Select((count, column) => Cell(count, counts[row].Sum(), row == column))}<td>{counts[row].Sum()}</td></tr>
            """))}
        </table></div>
        """);

    private static Markup Cell(long count, long total, bool isRight) => count == 0
        ? Markup.Of($"""<td class="zero">0</td>""")
        : Markup.Of($"""<td class="{(isRight ? "right" : "wrong")}" style="--share:{15 + (55.0 * count / total):0}%">{count}</td>""");

    private static Markup List(string[] names, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        var confusions =
            from row in Enumerable.Range(0, names.Length)
            from column in Enumerable.Range(0, names.Length)
            where row != column && counts[row][column] > 0
            orderby counts[row][column] descending
            select (True: names[row], Answered: names[column], Count: counts[row][column], Share: (double)counts[row][column] / counts[row].Sum());
        var all = confusions.ToArray();
        return Markup.Of($"""
            <p class="note">{names.Length} classes are too many to show all; these are the most frequent of {all.Length} different confusions.</p>
            <div class="scroll"><table>
            <tr><th scope="col">True class</th><th scope="col">Answered</th><th scope="col">Images</th><th scope="col">Share of the class</th></tr>
            {all.Take(MostListed).Select(c => Markup.Of($"""<tr><th scope="row">{c.True}</th><td class="text">{c.Answered}</td><td>{c.Count}</td><td>{c.Share:0.000}</td></tr>"""))}
            </table></div>
            """);
    }
}
