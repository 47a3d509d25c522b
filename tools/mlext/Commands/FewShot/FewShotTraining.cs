using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.FewShot;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Reports.Html;
using MLExt.Training;

namespace MLExt.Commands.FewShot;

/// <summary>One run of <c>mlext few-shot train</c>, from the data set to the model file.</summary>
internal sealed class FewShotTraining(Terminal terminal, FewShotTrainArguments arguments, CancellationToken stop)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Trains, saves and reports.</summary>
    public int Run()
    {
        OutputFile.CheckDistinct(
            [("--output", arguments.ModelFile), ("--checkpoint", arguments.Checkpoint), ("--report", arguments.Report), ("--json", arguments.Json)], ("--dataset", arguments.DataSet));
        // Options that it refuses are refused before any image is looked at.
        _ = LibraryMessages.Translate(() => Trainer(new MLContext(), new FewShotTrainingView(), group: null), ExitCode.Usage);
        var ranks = TrainingRanks.Join(terminal, arguments.Ranks, stop);
        arguments = arguments with { Ranks = arguments.Ranks with { Processes = ranks.Size } };
        using var modelFile = OutputFile.IfNamed(ranks.IsFirst ? arguments.ModelFile : null);
        using var page = OutputFile.IfNamed(ranks.IsFirst ? arguments.Report : null);
        using var json = OutputFile.IfNamed(ranks.IsFirst ? arguments.Json : null);
        using var whole = ImageStore.Open(arguments.DataSet);
        var store = DividedDataSet.ToLearnFrom(terminal, whole);
        var images = ImageSet.Of(store);
        terminal.Line($"{images.Count} images in {images.Classes.Count} classes.");
        OtherFiles.Tell(terminal, store);
        images.CheckClasses("a generator");

        var context = Session.Open(terminal, arguments.IsVerbose, arguments.Gpu, arguments.Seed);
        var view = new FewShotTrainingView();
        var data = images.ToDataView(context, view.ImageRead);
        using var model = ProgressDisplay.Around(terminal, "Reading images", display =>
        {
            view.Show(display, images.Count);
            return Train(context, data, view, ranks.Group);
        });
        if (modelFile is null)
        {
            ranks.Complete();
            return ExitCode.Success;
        }

        modelFile.Write(file => context.Model.Save(model, data.Schema, file));
        DamagedImages.Name(terminal, images, view.Skipped);
        var report = Report(model, view, modelFile, images);
        Print(report);
        if (page is not null)
        {
            page.WriteText(FewShotPages.Of(report, view.Curves).ToString());
            terminal.Line($"The report is in {page.FullPath}");
        }

        if (json is not null)
        {
            JsonReport.Write(json, report);
        }

        ranks.Complete();
        return ExitCode.Success;
    }

    private FewShotHyperTransformer Train(MLContext context, IDataView data, FewShotTrainingView view, ProcessGroup? group)
    {
        var keyed = context.Transforms.Conversion.MapValueToKey(Columns.Label).Fit(data).Transform(data);
        try
        {
            var trainer = LibraryMessages.Translate(() => Trainer(context, view, group), ExitCode.Usage);
            return trainer.Fit(keyed);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandException("Stopped before there was a model to keep.", inner: e);
        }
    }

    private FewShotHyperTransformerTrainer Trainer(MLContext context, FewShotTrainingView view, ProcessGroup? group)
    {
        var options = new FewShotHyperTransformerTrainer.Options
        {
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            Seed = arguments.Seed,
            GpuDeviceId = arguments.Gpu,
            CheckpointPath = arguments.Checkpoint,
            ProcessGroup = group,
            CancellationToken = stop,
            MetricsCallback = view.Update,
        };
        options.Method = arguments.Method ?? options.Method;
        options.Channels = arguments.Channels ?? options.Channels;
        options.Model.GeneratedConvolutions = arguments.Generated ?? options.Model.GeneratedConvolutions;
        options.ImageSize = arguments.ImageSize ?? options.ImageSize;
        options.MaxShots = arguments.Shots ?? options.MaxShots;
        options.Episodes.StrokeVariation = arguments.StrokeVariation ?? options.Episodes.StrokeVariation;
        options.MaxWays = arguments.Ways ?? options.MaxWays;
        if (arguments.TrainTime is { } seconds)
        {
            options.TrainTime = TrainingBudget.ForTrainer(TimeSpan.FromSeconds(seconds), _clock.Elapsed, validationImages: 0, imageSize: null);
        }

        return context.MulticlassClassification.Trainers.FewShotHyperTransformer(options);
    }

    private FewShotTrainingReport Report(FewShotHyperTransformer model, FewShotTrainingView view, OutputFile modelFile, ImageSet images) =>
        new(model, _clock.Elapsed.TotalSeconds)
        {
            Model = modelFile.FullPath,
            Arguments = arguments,
            Images = images.Count,
            Classes = images.Classes.Count,
            Skipped = view.Skipped,
            Stages = view.Stages,
            IsStopped = stop.IsCancellationRequested,
        };

    private void Print(FewShotTrainingReport report)
    {
        if (report.ValidationAccuracy is { } accuracy)
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Right answers on tasks of classes held out: {100 * accuracy:0.00} %"));
        }

        terminal.Line($"The model is in {report.Model}");
    }
}
