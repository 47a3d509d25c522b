using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.VisionCore.Images;
using MLExt.Data;

namespace MLExt.Training;

/// <summary>
/// The training of one image classifier, without anything that shows it: what it reports is in <see cref="Journal"/>, and a stop keeps the best
/// model so far.
/// </summary>
internal sealed class ImageTrainingRun
{
    private readonly MLContext _context;
    private readonly ImageTrainingData _data;
    private readonly ImageTrainingSettings _settings;
    private readonly CancellationToken _stop;
    private readonly Stopwatch _clock;
    private readonly ProcessGroup? _group;

    /// <summary>Prepares a run.</summary>
    /// <param name="context">The context to train in; its device and seed are the settings'.</param>
    /// <param name="data">The images.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="stop">Asks the run to stop and keep the best model.</param>
    /// <param name="clock">Runs since the work began that <see cref="ImageTrainingSettings.TrainTime"/> is for; null to begin now.</param>
    /// <param name="group">Who trains together; null for this process alone.</param>
    public ImageTrainingRun(MLContext context, ImageTrainingData data, ImageTrainingSettings settings, CancellationToken stop, Stopwatch? clock = null, ProcessGroup? group = null)
    {
        _group = group;
        (_context, _data, _settings, _stop) = (context, data, settings, stop);
        _clock = clock ?? Stopwatch.StartNew();
        Journal = new TrainingJournal(_clock, data.Training.Count + data.Validation.Count, settings.TrainTime);
    }

    /// <summary>What the run has reported so far.</summary>
    public TrainingJournal Journal { get; }

    /// <summary>The pretrained network under the model; known when the images have been looked at.</summary>
    public ImageBackbone Backbone { get; private set; }

    /// <summary>Trains. May be called once.</summary>
    /// <exception cref="CommandException">The settings are impossible; or the run was stopped before there was a model.</exception>
    public ImageTrainingResult Run()
    {
        // Keys are given in the order of first sight, and both sets are sorted by class.
        var keys = _context.Transforms.Conversion.MapValueToKey(Columns.Label);
        var data = _data.Training.ToDataView(_context, Journal.ImageRead);
        // A look at the first images is not counted as reading them.
        var sample = _data.Training.ToDataView(_context);
        using (var channel = ((IHostEnvironment)_context).Start("Choosing a backbone"))
        {
            Backbone = BackboneChoice.Of(_settings.Backbone, _settings.ImageSize, sample, ImageColumn.Bind(sample.Schema, Columns.Image, "image"), channel);
        }

        var validation = _data.Validation.Count == 0 ? null
            : keys.Fit(data).Transform(_data.Validation.ToDataView(_context, Journal.ImageRead));
        var pipeline = keys
            .Append(Trainer(validation))
            .Append(_context.Transforms.Conversion.MapKeyToValue(Columns.PredictedLabel));
        try
        {
            return new ImageTrainingResult(pipeline.Fit(data), data.Schema, _stop.IsCancellationRequested);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandException("Stopped before there was a model to keep.", inner: e);
        }
    }

    private TTTImageClassificationTrainer Trainer(IDataView? validation)
    {
        var options = new TTTImageClassificationTrainer.Options
        {
            LabelColumnName = Columns.Label,
            FeatureColumnName = Columns.Image,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            ValidationSet = validation,
            ValidationSetFraction = null,
            ImageSize = _settings.ImageSize,
            Seed = _settings.Seed,
            GpuDeviceId = _settings.Gpu,
            CancellationToken = _stop,
            CheckpointPath = _settings.Checkpoint,
            ProcessGroup = _group,
            MetricsCallback = Journal.Update,
        };
        options.RejectUnknown = _settings.FalseRejectionRate is not null;
        options.FalseRejectionRate = _settings.FalseRejectionRate ?? options.FalseRejectionRate;
        options.KnownScoreColumnName = Columns.KnownScore;
        options.Backbone = Backbone;
        options.TokenMixer = _settings.TokenMixer ?? options.TokenMixer;
        options.Epoch = _settings.Epochs ?? options.Epoch;
        if (_settings.TrainTime is { } time)
        {
            options.TrainTime = TrainingBudget.ForTrainer(time, _clock.Elapsed, _data.Validation.Count,
                _settings.ImageSize ?? (Backbone == ImageBackbone.None ? null : BackboneChoice.PhotographSide));
        }

        try
        {
            return _context.MulticlassClassification.Trainers.TTTImageClassification(options);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(e.Message, ExitCode.Usage, e);
        }
    }
}
