using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Reports.Html;

namespace MLExt.Commands.FewShot;

/// <summary><c>mlext few-shot evaluate</c>: how well generated classifiers do on tasks drawn from a data set.</summary>
internal sealed class FewShotEvaluateCommand
{
    private static readonly FewShotEvaluationOptions Defaults = new();

    private readonly Terminal _terminal;
    private readonly CancellationToken _stop;
    private readonly Option<bool> _verbose;
    private readonly Option<string> _model = FewShotOptions.Model();
    private readonly Option<string> _dataSet = CommonOptions.DataSet("Images of classes that the model was not trained on, one folder a class.");
    private readonly Option<int?> _ways = Count("--ways", "Classes of a task; where it is not given, no more than the model can have.", Defaults.Ways, atLeast: 2);
    private readonly Option<int?> _shots = Count("--shots", "Labelled examples of each class.", Defaults.Shots, atLeast: 1);
    private readonly Option<int?> _unlabeled = Count("--unlabeled", "Further examples of each class, without their labels.", Defaults.Unlabeled, atLeast: 0);
    private readonly Option<int?> _queries = Count("--queries", "Images of each class to be classified.", Defaults.Queries, atLeast: 1);
    private readonly Option<int?> _unknownWays = Count("--unknown-ways", "Classes that a task has images of to be rejected, and no examples; 0 measures no rejection.", Defaults.UnknownWays, atLeast: 0);
    private readonly Option<int?> _tasks = Count("--tasks", "How many tasks.", Defaults.Tasks, atLeast: 2);
    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "N",
        Description = "Equal seeds draw equal tasks.",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private readonly Option<bool> _withinGroup = new("--within-group")
    {
        Description = "Draw all classes of a task from one parent folder, such as one alphabet.",
    };

    private readonly Option<(FewShotMethod[] Methods, string[] Models)?> _baselines = new Option<(FewShotMethod[] Methods, string[] Models)?>("--baseline")
    {
        HelpName = "NAME|FILE",
        Arity = ArgumentArity.OneOrMore,
        Description = $"Let another method solve the same tasks with the model's embedding: {FewShotMethodNames.Baselines} (not with models of {FewShotMethodNames.Exclusive}); or another model, by its file. "
            + "May be given more than once.",
        CustomParser = FewShotMethodNames.ParseBaselines,
    }.Offering(FewShotMethodNames.AllBaselines);

    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly Option<string?> _report = CommonOptions.Report();

    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <param name="stop">Asks it to stop.</param>
    /// <param name="verbose">The option of the whole tool.</param>
    public FewShotEvaluateCommand(Terminal terminal, CancellationToken stop, Option<bool> verbose)
    {
        _terminal = terminal;
        _stop = stop;
        _verbose = verbose;
        _unlabeled.Aliases.Add("--unlabelled");
        Command = new Command("evaluate", """
            Draws tasks from a data set, generates a classifier for each and counts right answers. Prints the mean over the tasks with its
            95 % interval. Every query is classified by itself (inductive).

            Example: mlext few-shot evaluate --model symbols --dataset letters.zip --ways 20 --shots 1 --tasks 600
                     mlext few-shot evaluate --model symbols --dataset letters.zip --baseline prototypical-network --baseline lstm.zip --report letters.html
                     mlext few-shot evaluate --model symbols --dataset letters.zip --ways 20 --shots 5 --unknown-ways 20
            """)
        {
            _model, _dataSet, _ways, _shots, _unlabeled, _queries, _unknownWays, _tasks, _seed, _withinGroup, _baselines, _gpu, _report, _json,
        };
        Command.SetAction(Run);
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private static Option<int?> Count(string name, string description, int usual, int atLeast) =>
        new Option<int?>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => usual }.AtLeast(atLeast);

    private int Run(ParseResult parsed)
    {
        var clock = Stopwatch.StartNew();
        var gpu = parsed.GetValue(_gpu);
        var name = parsed.GetRequiredValue(_model);
        var baselines = parsed.GetValue(_baselines) ?? ([], []);
        OutputFile.CheckDistinct(
            [("--report", parsed.GetValue(_report)), ("--json", parsed.GetValue(_json))],
            [("--model", name), ("--dataset", parsed.GetValue(_dataSet)), .. baselines.Models.Select(file => ("--baseline", file))]);
        using var page = OutputFile.IfNamed(parsed.GetValue(_report));
        using var json = OutputFile.IfNamed(parsed.GetValue(_json));
        var context = Session.Open(_terminal, parsed.GetValue(_verbose), gpu);
        using var model = HyperTransformerFile.Load(context, name);
        using var others = new OtherModels(context, baselines.Models);
        using var whole = ImageStore.Open(parsed.GetRequiredValue(_dataSet));
        var store = DividedDataSet.ToMeasureOn(_terminal, whole);
        var images = ImageSet.Of(store);
        OtherFiles.Tell(_terminal, store);
        images.CheckClasses("a task");
        var options = Options(parsed, model, baselines.Methods, others.All);
        var results = Solve(context, model, others.All, images, options);
        string?[] files = [.. Enumerable.Repeat<string?>(null, results.Count - baselines.Models.Length), .. baselines.Models];
        FewShotTable.Write(_terminal, options, results, files);
        DamagedImages.Name(_terminal, images, results[0].SkippedRows);
        if (options.Unlabeled > 0 && !results.Any(result => FewShotMethodNames.UsesUnlabelled(result.Method)))
        {
            _terminal.Warn($"examples without a label have no part in the classifiers of {string.Join(", ", results.Select(result => FewShotMethodNames.Of(result.Method)))}.");
        }

        var report = new FewShotEvaluationReport(options, results, files, clock.Elapsed.TotalSeconds)
        {
            Model = HyperTransformerFile.NameOf(name),
            DataSet = store.Location,
            Images = images.Count,
            Classes = images.Classes.Count,
            Device = Session.Device(gpu),
        };
        if (page is not null)
        {
            page.WriteText(FewShotPages.Of(report).ToString());
            _terminal.Line($"The report is in {page.FullPath}");
        }

        if (json is not null)
        {
            JsonReport.Write(json, report);
        }

        return ExitCode.Success;
    }

    private IReadOnlyList<FewShotMetrics> Solve(MLContext context, FewShotHyperTransformer model, IReadOnlyList<FewShotHyperTransformer> others, ImageSet images, FewShotEvaluationOptions options) =>
        ProgressDisplay.Around(_terminal, "Reading images", display =>
        {
            // Each model reads them in its own size.
            var toRead = images.Count * (1 + others.Count);
            var (read, total) = (0, options.Tasks * (1 + options.Baselines.Count + others.Count));
            options.Progress = done => display.Report((double)done / total, done == 0 ? "Embedding images" : $"Solving tasks: {done} of {total}");
            return Evaluate(context, model, others, images.ToDataView(context, Read), options);

            void Read()
            {
                var now = Interlocked.Increment(ref read);
                display.Report((double)now / toRead, $"Reading images: {now} of {toRead}");
            }
        });

    private FewShotEvaluationOptions Options(ParseResult parsed, FewShotHyperTransformer model, FewShotMethod[] baselines, IReadOnlyList<FewShotHyperTransformer> others) => new()
    {
        LabelColumnName = Columns.Label,
        FeatureColumnName = Columns.Image,
        Ways = parsed.GetResult(_ways) is { Implicit: false } ? parsed.GetValue(_ways) ?? Defaults.Ways : Math.Min(Defaults.Ways, others.Append(model).Min(one => one.MaxWays)),
        Shots = parsed.GetValue(_shots) ?? Defaults.Shots,
        Unlabeled = parsed.GetValue(_unlabeled) ?? Defaults.Unlabeled,
        Queries = parsed.GetValue(_queries) ?? Defaults.Queries,
        UnknownWays = parsed.GetValue(_unknownWays) ?? Defaults.UnknownWays,
        Tasks = parsed.GetValue(_tasks) ?? Defaults.Tasks,
        Seed = parsed.GetValue(_seed),
        WithinGroup = parsed.GetValue(_withinGroup),
        Baselines = baselines,
        CancellationToken = _stop,
    };

    private sealed class OtherModels : IDisposable
    {
        private readonly List<FewShotHyperTransformer> _all = [];

        public OtherModels(MLContext context, string[] names)
        {
            try
            {
                foreach (var name in names)
                {
                    _all.Add(HyperTransformerFile.Load(context, name));
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public IReadOnlyList<FewShotHyperTransformer> All => _all;

        public void Dispose() => _all.ForEach(model => model.Dispose());
    }

    private static IReadOnlyList<FewShotMetrics> Evaluate(MLContext context, FewShotHyperTransformer model, IReadOnlyList<FewShotHyperTransformer> others, IDataView data, FewShotEvaluationOptions options)
    {
        var keyed = context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(data).Transform(data);
        try
        {
            return context.MulticlassClassification.EvaluateFewShot(model, keyed, options, others);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandException("Stopped before all tasks were solved: there is no result.", inner: e);
        }
    }
}
