using System.CommandLine;
using System.Diagnostics;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;

namespace MLExt.Commands;

/// <summary><c>mlext evaluate</c>: how well a saved model does on labelled images.</summary>
internal sealed class EvaluateCommand
{
    private readonly Terminal _terminal;
    private readonly Option<bool> _verbose;
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly Option<string> _dataSet = CommonOptions.DataSet("Images to measure on, one folder a class.");
    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _report = CommonOptions.Report();
    private readonly Option<string?> _json = CommonOptions.Json();

    /// <summary>Makes the command.</summary>
    public EvaluateCommand(Terminal terminal, Option<bool> verbose)
    {
        _terminal = terminal;
        _verbose = verbose;
        Command = new Command("evaluate", """
            Measures a model on labelled images that it was not trained on.

            Example: mlext evaluate --model output/model.zip --dataset flowers-test.zip
                     mlext evaluate --model output/model.zip --dataset flowers-test.zip --report flowers-test.html --json flowers-test.json
            """)
        { _model, _dataSet, _gpu, _report, _json };
        Command.SetAction(Run);
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        var clock = Stopwatch.StartNew();
        var gpu = parsed.GetValue(_gpu);
        var file = parsed.GetRequiredValue(_model);
        OutputFile.CheckDistinct([("--report", parsed.GetValue(_report)), ("--json", parsed.GetValue(_json))], ("--model", file), ("--dataset", parsed.GetValue(_dataSet)));
        using var report = OutputFile.IfNamed(parsed.GetValue(_report));
        using var json = OutputFile.IfNamed(parsed.GetValue(_json));
        var context = Session.Open(_terminal, parsed.GetValue(_verbose), gpu);
        using var model = LoadedModel.Load(context, file);
        using var whole = ImageStore.Open(parsed.GetRequiredValue(_dataSet));
        var store = DividedDataSet.ToMeasureOn(_terminal, whole);
        OtherFiles.Tell(_terminal, store);
        var images = OfKnownClasses(model, store);
        var (figures, evaluation) = ProgressDisplay.Around(_terminal, "Scoring", display =>
        {
            var scored = model.Score(images.ToDataView(context, Count(images.Count, display)));
            var answers = report is null && json is null ? null : ImageEvaluation.Measure(context, scored, images, model.Classes);
            return (answers?.Figures ?? Figures.Measure(context, scored, images, model.Classes), answers);
        });
        MetricsReport.Write(_terminal, Path.GetFileNameWithoutExtension(file), figures);
        DamagedImages.Name(_terminal, images, figures.Skipped);
        var result = new EvaluationReport(figures, clock.Elapsed.TotalSeconds)
        {
            Ece = evaluation?.Calibration.Error,
            Model = Path.GetFullPath(file),
            DataSet = store.Location,
            Device = Session.Device(gpu),
        };
        if (report is not null && evaluation is not null)
        {
            report.WriteText(result.ToHtml(evaluation, images, model.CanExplain ? model.Overlay : null).ToString());
            _terminal.Line($"The report is in {report.FullPath}");
        }

        if (json is not null)
        {
            JsonReport.Write(json, result);
        }

        return ExitCode.Success;
    }

    /// <summary>Counts images as they are read, for a display.</summary>
    internal static Action Count(int total, ProgressDisplay display)
    {
        var read = 0;
        return () =>
        {
            var now = Interlocked.Increment(ref read);
            display.Report((double)now / total, $"Scoring: {now} of {total} images");
        };
    }

    private ImageSet OfKnownClasses(LoadedModel model, ImageStore store)
    {
        var known = model.Classes.ToHashSet();
        var all = ImageSet.Of(store, known);
        var images = all.Where(known.Contains);
        var unknown = all.Classes.Where(c => !known.Contains(c)).ToArray();
        if (images.Count == 0)
        {
            throw new CommandException(
                $"'{store.Location}' has no class of the model. The model has {Listed(model.Classes)}; the data set has {Listed(all.Classes)}.");
        }

        if (unknown.Length > 0)
        {
            _terminal.Warn($"{all.Count - images.Count} images are left out, of classes that the model does not have: {Listed(unknown)}.");
        }

        return images;
    }

    private static string Listed(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(5).Select(n => $"'{n}'")) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
