using System.Globalization;
using Microsoft.ML.FewShot;
using MLExt.Commands.FewShot;
using Spectre.Console;

namespace MLExt.Reports;

/// <summary>Prints the accuracy of methods on the same tasks.</summary>
internal static class FewShotTable
{
    /// <summary>Writes results.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="options">The tasks.</param>
    /// <param name="results">The model's result, then those of the baselines.</param>
    /// <param name="files">For each result the file of its model; null for the model that is measured and what stands on its embedding.</param>
    public static void Write(Terminal terminal, FewShotEvaluationOptions options, IReadOnlyList<FewShotMetrics> results, IReadOnlyList<string?> files)
    {
        terminal.Line($"{options.Tasks} tasks, {Protocol(options)}, seed {options.Seed}");
        var table = new Table { Border = terminal.IsLive ? TableBorder.Rounded : TableBorder.Simple };
        table.AddColumn("Method");
        table.AddColumn(new TableColumn("Accuracy, %").RightAligned());
        if (results.Count > 1)
        {
            table.AddColumn(new TableColumn("Less the first").RightAligned());
        }

        for (var i = 0; i < results.Count; i++)
        {
            var (name, accuracy) = (NameOf(results[i], files[i]), Interval(results[i].Accuracy, results[i].ConfidenceHalfWidth95, "0.00"));
            if (results.Count == 1)
            {
                table.AddRow(new Text(name), new Text(accuracy));
            }
            else
            {
                table.AddRow(new Text(name), new Text(accuracy), new Text(i == 0 ? "" : Interval(results[i].Difference, results[i].DifferenceConfidenceHalfWidth95, "+0.00;-0.00")));
            }
        }

        terminal.Out.Write(table);
        if (results[0] is { Auroc: { } auroc, FalseRejections: { } rejections })
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture,
                $"Against images of {options.UnknownWays} other classes: AUROC {auroc:0.0000}; {100 * rejections:0.00} % of the task's own were taken for none of its classes."));
        }
    }

    /// <summary>How a result is called: by its method, and by the file of its model where that is another.</summary>
    public static string NameOf(FewShotMetrics result, string? file) => file is null ? FewShotMethodNames.Of(result.Method) : $"{FewShotMethodNames.Of(result.Method)} ({Path.GetFileName(file)})";

    /// <summary>The kind of tasks in words, for people and for reports.</summary>
    public static string Protocol(FewShotEvaluationOptions options) =>
        $"{(options.IsTransductive ? "transductive" : "inductive")}, {options.Ways}-way {options.Shots}-shot, {options.Unlabeled} unlabelled and {options.Queries} "
        + $"queries a class, classes of a task {(options.WithinGroup ? "from one group" : "from anywhere")}";

    private static string Interval(double value, double half, string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{(100 * value).ToString(format, CultureInfo.InvariantCulture)} ± {100 * half:0.00}");
}
