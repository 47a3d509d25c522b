using System.Text;

namespace Microsoft.ML.Data;

/// <summary>
/// The text form of a confusion matrix. Class names head the columns if they fit there; otherwise numbers do, and the rows give number and name.
/// </summary>
internal static class ConfusionTable
{
    /// <summary>The width of the row titles PREDICTED and Precision.</summary>
    private const int TitleWidth = 9;

    internal static string Format(ConfusionMatrix matrix)
    {
        var names = matrix.ClassNames.Select(name => name.ToString()).ToArray();
        var columnWidth = names.Length == 2 ? 8 : 5;
        var longest = names.Max(name => name.Length);
        var numbered = longest > columnWidth;
        var digits = (names.Length - 1).ToString().Length;
        var labelWidth = Math.Max(TitleWidth, numbered ? longest + digits + 2 : longest);
        var pad = new string(' ', labelWidth - TitleWidth);
        var rule = string.Concat(Enumerable.Repeat(names.Length > 2 ? "========" : "===========", names.Length));

        string RowLabel(int i) => numbered
            ? $"{i.ToString().PadLeft(digits)}. {names[i].PadLeft(labelWidth - digits - 2)} ||"
            : $"{names[i].PadLeft(labelWidth)} ||";
        var classes = Enumerable.Range(0, names.Length).ToArray();
        var text = new StringBuilder();
        text.AppendLine();
        text.AppendLine("Confusion table");
        text.AppendLine($"          {pad}||{rule}");
        text.AppendLine($"PREDICTED {pad}||{string.Concat(classes.Select(i => $" {(numbered ? i.ToString() : names[i]).PadLeft(columnWidth)} |"))} Recall");
        text.AppendLine($"TRUTH     {pad}||{rule}");
        foreach (var i in classes)
        {
            var counts = matrix.Counts[i].Select(count => $" {count.ToString("N0").PadLeft(columnWidth)} |");
            text.AppendLine($"{RowLabel(i)}{string.Concat(counts)} {matrix.PerClassRecall[i].ToString("F4").PadLeft(5)}");
        }

        text.AppendLine($"          {pad}||{rule}");
        text.AppendLine($"Precision {pad}||{string.Concat(matrix.PerClassPrecision.Select(p => $"{p.ToString("N4").PadLeft(columnWidth + 1)} |"))}");
        return text.ToString();
    }
}
