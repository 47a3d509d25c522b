using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Reports.Html;

namespace MLExt.Commands.FewShot;

/// <summary><c>mlext few-shot adapt</c>: from a support set to a classifier in one forward pass.</summary>
internal sealed class FewShotAdaptCommand
{
    private readonly Terminal _terminal;
    private readonly Option<bool> _verbose;
    private readonly Option<string> _model = FewShotOptions.ModelOrAuto("--model");
    private readonly Option<string> _support = new("--support")
    {
        HelpName = "DIR|ZIP",
        Description = $"Examples, one folder a class. Images in a folder named '{UnlabelledFolder.Names[0]}' are of one of the classes, unsaid which.",
        Required = true,
    };

    private readonly Option<string> _output = new("--output") { HelpName = "FILE", Description = "The classifier to write.", Required = true };
    private readonly Option<FewShotMethod?> _method = new Option<FewShotMethod?>("--method")
    {
        HelpName = "NAME",
        Description = $"How the examples become a classifier: {FewShotMethodNames.Listed}. The default is what the model was trained for, and models of {FewShotMethodNames.Exclusive} know no other.",
        CustomParser = FewShotMethodNames.Parse,
    }.Offering(FewShotMethodNames.All);

    private readonly Option<bool> _reject = CommonOptions.RejectUnknown();
    private readonly Option<double?> _rejections = CommonOptions.FalseRejectionRate();
    private readonly Option<int?> _gpu = CommonOptions.Gpu();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly Option<string?> _report = CommonOptions.Report();

    /// <summary>Makes the command.</summary>
    public FewShotAdaptCommand(Terminal terminal, Option<bool> verbose)
    {
        _terminal = terminal;
        _verbose = verbose;
        Command = new Command("adapt", """
            Generates a classifier from a few examples of each class. It needs neither the model nor the examples any more.

            Example: mlext few-shot adapt --support birds --output classifier.zip
                     mlext predict --model classifier.zip robin.jpg
            """)
        { _model, _support, _output, _method, _reject, _rejections, _gpu, _report, _json };
        Command.CheckRejections(_reject, _rejections);
        Command.SetAction(Run);
    }

    /// <summary>The command as the parser wants it.</summary>
    public Command Command { get; }

    private int Run(ParseResult parsed)
    {
        OutputFile.CheckDistinct([("--output", parsed.GetValue(_output)), ("--report", parsed.GetValue(_report)), ("--json", parsed.GetValue(_json))],
            ("--model", parsed.GetValue(_model)), ("--support", parsed.GetValue(_support)));
        using var file = new OutputFile(parsed.GetRequiredValue(_output));
        using var page = OutputFile.IfNamed(parsed.GetValue(_report));
        using var json = OutputFile.IfNamed(parsed.GetValue(_json));
        var gpu = parsed.GetValue(_gpu);
        var name = parsed.GetRequiredValue(_model);
        var context = Session.Open(_terminal, parsed.GetValue(_verbose), gpu);
        using var models = new Generators(context, name);
        using var whole = ImageStore.Open(parsed.GetRequiredValue(_support));
        var store = DividedDataSet.ToLearnFrom(_terminal, whole);
        OtherFiles.Tell(_terminal, store);
        var images = DamagedImages.LeaveOut(_terminal, ImageSet.OfSupport(store));
        var rejections = parsed.Rejections(_reject, _rejections);
        images.CheckClasses($"a classifier without {_reject.Name}", least: rejections is null ? 2 : 1);
        var rows = images.ToDataView(context);
        using var generated = models.CreateClassifier(rows, parsed.GetValue(_method), rejections);
        _terminal.Warn(DataSetAdvice.OfRepeated([.. images.Seen], isTrained: false));
        if (generated.Classifier.UnlabeledCount > 0 && !FewShotMethodNames.UsesUnlabelled(generated.Classifier.Method))
        {
            _terminal.Warn($"images without a label have no part in a classifier of {FewShotMethodNames.Of(generated.Classifier.Method)}.");
        }

        file.Write(path => context.Model.Save(generated.Pipeline, generated.Schema, path));
        var report = new AdaptationReport(generated.Classifier)
        {
            Model = models.NameOf(generated.Generator),
            Support = store.Location,
            Classifier = file.FullPath,
            Seconds = generated.Elapsed.TotalSeconds,
            Bytes = new FileInfo(file.FullPath).Length,
            Device = Session.Device(gpu),
        };
        Print(report);
        if (page is not null)
        {
            page.WriteText(ToHtml(report, context, generated.Pipeline, images).ToString());
            _terminal.Line($"The report is in {page.FullPath}");
        }

        if (json is not null)
        {
            JsonReport.Write(json, report);
        }

        return ExitCode.Success;
    }

    private static ReportPage ToHtml(AdaptationReport report, MLContext context, ITransformer pipeline, ImageSet images)
    {
        var (labelled, unlabelled) = (images.Where(label => label.Length > 0), images.Where(label => label.Length == 0));
        var examples = ImageEvaluation.Measure(context, pipeline.Transform(labelled.ToDataView(context)), labelled, report.Classes);
        var answers = context.Data.CreateEnumerable<Prediction>(pipeline.Transform(unlabelled.ToDataView(context)), reuseRowObject: false, ignoreMissingColumns: true)
            .Select((prediction, image) => (prediction, image)).Where(answer => answer.prediction.IsScored)
            .Select(answer => new EvaluatedImage(answer.image, Label: "", LabelProbability: double.NaN, answer.prediction.Best(report.Classes, ImageEvaluation.BestKept)));
        return FewShotPages.Of(report, examples, labelled, [.. answers], unlabelled);
    }

    private void Print(AdaptationReport report)
    {
        var unlabelled = report.Unlabelled > 0 ? $" and {report.Unlabelled} unlabelled" : "";
        _terminal.Line(string.Create(CultureInfo.InvariantCulture,
            $"{DataSetAdvice.Counted(report.Classes.Count, "class", "classes")}, {report.Labelled} labelled{unlabelled} images, {report.Seconds:0.000} seconds from images to classifier, generator {report.Model}."));
        _terminal.Line(string.Create(CultureInfo.InvariantCulture, $"The classifier is in {report.Classifier} ({report.Bytes / 1024.0:0.0} KB)"));
    }
}
