using System.Globalization;
using MLExt.Models;
using Spectre.Console;

namespace MLExt.Reports;

/// <summary>Prints figures in the layout that ML.NET's samples use, and a table of the classes.</summary>
internal static class MetricsReport
{
    /// <summary>With more classes than this only the weakest are listed.</summary>
    private const int MostClasses = 30;

    /// <summary>With more classes than <see cref="MostClasses"/>, so many are listed.</summary>
    private const int Weakest = 10;

    /// <summary>Writes figures.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="figures">What came out.</param>
    public static void Write(Terminal terminal, string name, Figures figures)
    {
        const string Rule = "************************************************************";
        terminal.Line(Rule);
        terminal.Line($"*    Metrics for {name} multi-class classification model");
        terminal.Line("*-----------------------------------------------------------");
        terminal.Line(Number("MicroAccuracy", figures.MicroAccuracy, "a value between 0 and 1, the closer to 1, the better"));
        terminal.Line(Number("MacroAccuracy", figures.MacroAccuracy, "a value between 0 and 1, the closer to 1, the better"));
        terminal.Line(Number("LogLoss", figures.LogLoss, "the closer to 0, the better"));
        terminal.Line(figures.LogLossReduction is { } reduction ? Number("LogLossReduction", reduction, "the closer to 1, the better")
            : "    LogLossReduction is not defined: all images are of one class");
        terminal.Line($"    Images = {figures.Images}{(figures.Skipped > 0 ? $", and {figures.Skipped} that could not be decoded" : "")}");
        terminal.Line(Rule);
        WriteClasses(terminal, figures.Classes);
    }

    private static void WriteClasses(Terminal terminal, IReadOnlyList<ClassFigures> classes)
    {
        var shown = classes;
        if (classes.Count > MostClasses)
        {
            shown = [.. classes.Where(c => c.Count > 0).OrderBy(c => c.Recall).ThenBy(c => c.Name, StringComparer.Ordinal).Take(Weakest)];
            terminal.Line($"The {shown.Count} classes of {classes.Count} with the lowest recall:");
        }

        var table = new Table { Border = terminal.IsLive ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn("Class");
        foreach (var title in (string[])["Precision", "Recall", "Images"])
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        foreach (var c in shown)
        {
            table.AddRow(new Text(Terminal.Shown(c.Name)), new Text(Share(c.Precision)), new Text(Share(c.Recall)), new Text(c.Count.ToString(CultureInfo.InvariantCulture)));
        }

        terminal.Out.Write(table);
    }

    private static string Number(string name, double value, string meaning) =>
        string.Create(CultureInfo.InvariantCulture, $"    {name} = {value:0.####}, {meaning}");

    private static string Share(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";
}
