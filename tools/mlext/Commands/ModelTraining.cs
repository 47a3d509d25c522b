using System.Diagnostics;
using Microsoft.ML;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;
using MLExt.Training;

namespace MLExt.Commands;

/// <summary>One run of <c>mlext image-classification</c>, from the data set to the model file.</summary>
internal sealed class ModelTraining(Terminal terminal, TrainArguments arguments, CancellationToken stop)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Trains, saves, measures and reports.</summary>
    public int Run()
    {
        using var modelFile = new OutputFile(arguments.ModelFile);
        using var json = arguments.Json is { } path ? new OutputFile(path) : null;
        using var store = ImageStore.Open(arguments.DataSet);
        using var validationStore = arguments.ValidationDataSet is { } other ? ImageStore.Open(other) : null;
        var data = ImageTrainingData.Of(store, validationStore, arguments.Seed);
        Announce(data, store.OtherFiles);

        var context = Session.Open(terminal, arguments.IsVerbose, arguments.Gpu, arguments.Seed);
        var run = new ImageTrainingRun(context, data, arguments.ToSettings(), stop, _clock);
        using var result = ProgressDisplay.Around(terminal, "Reading images", display =>
        {
            run.Journal.Changed += new TrainingView(display).Show;
            return run.Run();
        });
        modelFile.Write(file => context.Model.Save(result.Model, result.Schema, file));
        var figures = Measure(context, result.Model, data.Validation);
        Report(figures, run.Journal.Now, modelFile, json, data);
        return ExitCode.Success;
    }

    private void Announce(ImageTrainingData data, int otherFiles)
    {
        terminal.Line($"{data.Training.Count} images in {data.Training.Classes.Count} classes to train on, {data.Validation.Count} to measure on.");
        if (otherFiles > 0)
        {
            terminal.Line(otherFiles == 1 ? "1 file that is no image is passed over." : $"{otherFiles} files that are no images are passed over.");
        }
    }

    private Figures? Measure(MLContext context, ITransformer model, ImageSet validation)
    {
        if (validation.Count == 0)
        {
            terminal.Aside("warning: no image could be held back, so the model is not measured: give --validation-dataset.");
            return null;
        }

        return ProgressDisplay.Around(terminal, "Scoring", display =>
        {
            var scored = model.Transform(validation.ToDataView(context, EvaluateCommand.Count(validation.Count, display)));
            return Figures.Measure(context, scored, validation, LoadedModel.NamesOf(scored.Schema));
        });
    }

    private void Report(Figures? figures, TrainingMoment end, OutputFile modelFile, OutputFile? json, ImageTrainingData data)
    {
        if (figures is not null)
        {
            MetricsReport.Write(terminal, Path.GetFileNameWithoutExtension(modelFile.FullPath), figures);
        }

        terminal.Line($"The model is in {modelFile.FullPath}");
        if (json is not null)
        {
            JsonReport.Write(json, new TrainingReport(figures, _clock.Elapsed.TotalSeconds)
            {
                Model = modelFile.FullPath,
                Arguments = arguments,
                TrainingImages = data.Training.Count,
                ValidationImages = data.Validation.Count,
                Epochs = end.Epoch,
                Skipped = end.Skipped ?? figures?.Skipped ?? 0,
                IsStopped = stop.IsCancellationRequested,
            });
        }
    }
}
