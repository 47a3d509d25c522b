using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.TTT;
using MLExt.Data;
using MLExt.Models;
using MLExt.Reports;

namespace MLExt.Commands;

/// <summary>One run of <c>mlext image-classification</c>, from the data set to the model file.</summary>
internal sealed class ModelTraining(Terminal terminal, TrainArguments arguments, CancellationToken stop)
{
    /// <summary>Share of the images held back when no validation set is given.</summary>
    private const double HeldShare = 0.1;

    /// <summary>Of large data sets no more than about this many images are held back.</summary>
    private const int HeldImages = 1000;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Trains, saves, measures and reports.</summary>
    public int Run()
    {
        using var modelFile = new OutputFile(arguments.ModelFile);
        using var json = arguments.Json is { } path ? new OutputFile(path) : null;
        using var store = ImageStore.Open(arguments.DataSet);
        using var validationStore = arguments.ValidationDataSet is { } other ? ImageStore.Open(other) : null;
        var (training, validation) = DataSets(store, validationStore);

        var context = Session.Open(terminal, arguments.IsVerbose, arguments.Gpu, arguments.Seed);
        var view = new TrainingView();
        var data = training.ToDataView(context, view.ImageRead);
        var model = ProgressDisplay.Around(terminal, "Reading images", display =>
        {
            view.Show(display, training.Count + validation.Count);
            return Train(context, data, validation, view);
        });
        using (model as IDisposable)
        {
            modelFile.Write(file => context.Model.Save(model, data.Schema, file));
            var figures = Measure(context, model, validation);
            Report(figures, view, modelFile, json, training, validation);
        }

        return ExitCode.Success;
    }

    private (ImageSet Training, ImageSet Validation) DataSets(ImageStore store, ImageStore? validationStore)
    {
        var all = ImageSet.Of(store);
        if (all.Classes.Count < 2)
        {
            throw new CommandException(
                $"'{arguments.DataSet}' has the one class '{all.Classes[0]}'; a classifier needs two or more. Every class needs a folder of its own.");
        }

        var (training, validation) = validationStore is null
            ? all.Split(Math.Min(HeldShare, (double)HeldImages / all.Count), arguments.Seed)
            : (all, OfTrainedClasses(validationStore, all.Classes.ToHashSet()));
        terminal.Line($"{training.Count} images in {all.Classes.Count} classes to train on, {validation.Count} to measure on.");
        if (store.OtherFiles > 0)
        {
            terminal.Line(store.OtherFiles == 1 ? "1 file that is no image is passed over." : $"{store.OtherFiles} files that are no images are passed over.");
        }

        return (training, validation);
    }

    private ImageSet OfTrainedClasses(ImageStore store, HashSet<string> known)
    {
        var images = ImageSet.Of(store, known);
        if (images.Classes.FirstOrDefault(c => !known.Contains(c)) is { } stranger)
        {
            throw new CommandException($"The validation data set '{store.Location}' has the class '{stranger}', which the training data set has not.");
        }

        return images;
    }

    private ITransformer Train(MLContext context, IDataView data, ImageSet validation, TrainingView view)
    {
        // Keys are given in the order of first sight, and both sets are sorted by class.
        var keys = context.Transforms.Conversion.MapValueToKey(Columns.Label);
        var validationData = validation.Count == 0 ? null
            : keys.Fit(data).Transform(validation.ToDataView(context, view.ImageRead));
        var pipeline = keys
            .Append(Trainer(context, validationData, validation.Count, view))
            .Append(context.Transforms.Conversion.MapKeyToValue(Columns.PredictedLabel));
        try
        {
            return pipeline.Fit(data);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandException("Stopped before there was a model to keep.", inner: e);
        }
    }

    private TTTImageClassificationTrainer Trainer(MLContext context, IDataView? validation, int validationImages, TrainingView view)
    {
        var options = new TTTImageClassificationTrainer.Options
        {
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            ValidationSet = validation,
            ValidationSetFraction = null,
            ImageSize = arguments.ImageSize,
            Seed = arguments.Seed,
            GpuDeviceId = arguments.Gpu,
            CancellationToken = stop,
            MetricsCallback = view.Update,
        };
        options.TokenMixer = arguments.TokenMixer ?? options.TokenMixer;
        options.Epoch = arguments.Epochs ?? options.Epoch;
        if (arguments.TrainTime is { } seconds)
        {
            options.TrainTime = TrainingBudget.ForTrainer(TimeSpan.FromSeconds(seconds), _clock.Elapsed, validationImages, arguments.ImageSize);
        }

        try
        {
            return context.MulticlassClassification.Trainers.TTTImageClassification(options);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(e.Message, ExitCode.Usage, e);
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

    private void Report(Figures? figures, TrainingView view, OutputFile modelFile, OutputFile? json, ImageSet training, ImageSet validation)
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
                TrainingImages = training.Count,
                ValidationImages = validation.Count,
                Epochs = view.Epoch,
                Skipped = view.Skipped ?? figures?.Skipped ?? 0,
                IsStopped = stop.IsCancellationRequested,
            });
        }
    }
}
