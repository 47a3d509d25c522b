using System.Globalization;
using MLExt.Data;
using MLExt.Models;
using MLExt.Training;

namespace MLExt.Reports.Html;

/// <summary>The HTML reports of the few-shot commands, from the same results as their JSON.</summary>
internal static class FewShotPages
{
    /// <summary>The report of <c>mlext few-shot train</c>.</summary>
    /// <param name="report">The result.</param>
    /// <param name="curves">The curves of the parts of the model in the order of their training.</param>
    public static ReportPage Of(FewShotTrainingReport report, IReadOnlyList<StageCurve> curves) => new(
        $"{Path.GetFileNameWithoutExtension(report.Model)}: training of a generator",
        "Validation tasks are of classes that training did not see.",
        new ReportSection("Summary", Tiles.Of(
            ("Validation accuracy", report.ValidationAccuracy is { } accuracy ? Number(accuracy, "0.0000") : "–"),
            ("Steps", Number(report.Stages.Sum(s => s.Steps))),
            ("Classes of a classifier, at most", Number(report.MaxWays)),
            ("Image size", Number(report.ImageSize)),
            ("Classes, those held out included", Number(report.Classes)))),
        new ReportSection("Training", Markup.Of($"""
            {(curves.Count > 1 ? Markup.Of($"""<p class="note">The parts are trained one after another, each on a problem of its own.</p>""") : Markup.Of($""))}
            {curves.Select(Curves)}
            """)),
        Facts.Section(
            new("Data", [("Data set", report.Arguments.DataSet), ("Images", Number(report.Images)), ("Classes", Number(report.Classes)), ("Images left out because they could not be decoded", Number(report.Skipped))]),
            new("Options",
            [
                ("Method", report.Method),
                ("Channels", Number(report.Channels)),
                .. Given("Generated convolutions", report.GeneratedConvolutions),
                ("Images are seen in", report.IsColor ? "colour" : "grey"),
                ("Training time", report.Arguments.TrainTime is { } time ? $"{Number(time)} seconds" : "the trainer's default steps"),
                ("Labelled images of a class, at most", report.Arguments.Shots is { } shots ? Number(shots) : "the trainer's default"),
                ("Seed", Number(report.Seed)),
                ("Device", report.Device),
            ]),
            new("Run", [("Model", report.Model), ("Seconds", Number(report.Seconds, "0.0")), ("Stopped by hand", report.IsStopped ? "yes, the best model so far was kept" : "no")]),
            Facts.Software()));

    /// <summary>The report of <c>mlext few-shot evaluate</c>.</summary>
    public static ReportPage Of(FewShotEvaluationReport report)
    {
        (string Name, double Value, double Half)[] rows =
            [(report.Method, report.Accuracy, report.Confidence95), .. report.Baselines.Select(b => (b.Method, b.Accuracy, b.Confidence95))];
        return new(
            $"{Path.GetFileNameWithoutExtension(report.Model)}: evaluation on tasks",
            $"{report.Tasks} tasks, {report.Protocol}, seed {report.Seed}.",
            new ReportSection("Summary", Tiles.Of(
            [
                ("Accuracy", Number(report.Accuracy, "0.0000")),
                ("95 % interval", $"± {Number(report.Confidence95, "0.0000")}"),
                ("Tasks", Number(report.Tasks)),
                ("Ways", Number(report.Ways)),
                ("Shots", Number(report.Shots)),
                .. Given("AUROC against other classes", report.Auroc, "0.0000"),
                .. Given("False rejections", report.FalseRejections, "0.0000"),
            ])),
            new ReportSection("Accuracy", Markup.Of($"""
                {IntervalChart.Draw("Share of right answers, mean over the tasks with its 95 % interval", rows)}
                <p class="note">Share of right answers as the mean over the tasks with its 95 % interval.{(report.Baselines.Count > 0 ? " The others solve the same tasks: methods with the model's embedding, and other models, whose files are named, with their own." : "")}</p>
                {Baselines(report)}
                """)),
            Facts.Section(
                new("Data", [("Data set", report.DataSet), ("Images", Number(report.Images)), ("Classes", Number(report.Classes))]),
                new("Tasks",
                [
                    ("Protocol", report.Protocol),
                    ("Queries of a class", Number(report.Queries)),
                    ("Other classes, to be rejected", Number(report.UnknownWays)),
                    ("Unlabelled images of a class", Number(report.Unlabeled)),
                    ("Seed", Number(report.Seed)),
                ]),
                new("Run", [("Model", report.Model), ("Method", report.Method), ("Device", report.Device), ("Seconds", Number(report.Seconds, "0.0"))]),
                Facts.Software()));
    }

    /// <summary>The report of <c>mlext few-shot adapt</c>.</summary>
    /// <param name="report">The result.</param>
    /// <param name="examples">What the classifier makes of its own labelled examples.</param>
    /// <param name="labelled">Those examples.</param>
    /// <param name="unlabelledAnswers">What it makes of the unlabelled ones.</param>
    /// <param name="unlabelled">Those.</param>
    public static ReportPage Of(
        AdaptationReport report, ImageEvaluation examples, ImageSet labelled, IReadOnlyList<EvaluatedImage> unlabelledAnswers, ImageSet unlabelled) => new(
        $"{Path.GetFileNameWithoutExtension(report.Classifier)}: a generated classifier",
        $"{DataSetAdvice.Counted(report.Classes.Count, "class", "classes")} from {report.Labelled} labelled and {report.Unlabelled} unlabelled images.",
        new ReportSection("Summary", Tiles.Of(
            ("Milliseconds", Number(1000 * report.Seconds, "0")),
            ("Classes", Number(report.Classes.Count)),
            ("Weights", Number(report.Weights, "N0")),
            ("Kilobytes", Number(report.Bytes / 1024.0, "N0")))),
        new ReportSection("Examples", Markup.Of($"""
            <p class="note">The examples themselves, as the classifier sees them: {examples.Images.Count(i => i.IsRight)} of {examples.Images.Count} right. This tells whether
            the classes can be told apart; how well new images are recognised, only new images tell.</p>
            {ImageGallery.Of(ImageGallery.Sample(examples.Images), labelled)}
            """)),
        unlabelledAnswers.Count == 0 ? null : new ReportSection("Unlabelled images", ImageGallery.Of(ImageGallery.Sample(unlabelledAnswers), unlabelled)),
        ConfusionTable.Section(examples),
        Facts.Section(
            new("Data", [("Examples", report.Support), ("Labelled images", Number(report.Labelled)), ("Unlabelled images", Number(report.Unlabelled))]),
            new("Run",
            [
                ("Generator", report.Model),
                ("Classifier", report.Classifier),
                ("Method", report.Method),
                ("Seconds from images to classifier", Number(report.Seconds, "0.000")),
                ("Device", report.Device),
            ]),
            Facts.Software()));

    private static Markup Curves(StageCurve curve) => Markup.Of($"""
        <h3>{curve.Name}</h3>
        <div class="charts">
        {LineChart.Draw("Accuracy", "step", [new("training", "two", curve.Accuracy), new("validation", "one", curve.Validation)], isShare: true)}
        {LineChart.Draw("Loss", "step", [new("training", "two", curve.Loss)], isShare: false)}
        </div>
        """);

    private static Markup Baselines(FewShotEvaluationReport report) => report.Baselines.Count == 0 ? default : Markup.Of($"""
        <div class="scroll"><table>
        <tr><th scope="col">Method</th><th scope="col">Accuracy, %</th><th scope="col">Less {report.Method}</th></tr>
        <tr><th scope="row">{report.Method}</th><td>{100 * report.Accuracy:0.00} ± {100 * report.Confidence95:0.00}</td><td></td></tr>
        {report.Baselines.Select(b => Markup.Of($"""
            <tr><th scope="row">{b.Method}</th><td>{100 * b.Accuracy:0.00} ± {100 * b.Confidence95:0.00}</td><td>{100 * b.Difference:+0.00;-0.00} ± {100 * b.DifferenceConfidence95:0.00}</td></tr>
            """))}
        </table></div>
        """);

    // Nothing where there is no value.
    private static (string Name, string Value)[] Given(string name, double? value, string? format = null) => value is { } given ? [(name, Number(given, format))] : [];

    private static string Number(double value, string? format = null) => value.ToString(format, CultureInfo.InvariantCulture);
}
