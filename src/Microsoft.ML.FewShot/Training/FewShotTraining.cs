using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Trains a hyper-transformer on many classes, stage by stage. For one run.</summary>
internal sealed class FewShotTraining : IDisposable
{
    /// <summary>The largest part of a time budget that embedding the training examples may take.</summary>
    private const double EmbeddingShare = 0.03;

    private readonly ExamplePool _training;
    private readonly FewShotShape _shape;
    private readonly FewShotTrainingSettings _settings;
    private readonly Device _device;
    private readonly ImageNormalization _scale;
    private readonly ValidationEpisodes? _validation;
    private readonly HyperTransformerModel _model;
    private readonly IReadOnlyList<FewShotStage> _stages;
    private readonly StageRunner _runner;
    private int _backboneBatch;

    private FewShotTraining(ExamplePool training, ExamplePool? validation, FewShotShape shape, FewShotTrainingSettings settings, IChannel channel,
        Device device, HyperTransformerModel model)
    {
        (_training, _shape, _settings, _device, _model) = (training, shape, settings, device, model);
        _scale = ExampleScale.Measure(training);
        if (!shape.IsImages)
        {
            model.Backbone.SetStandardization(_scale.Mean, _scale.Deviation);
        }

        if (validation is not null)
        {
            var tasks = settings.ValidationEpisodes with { Ways = settings.ValidationEpisodes.Ways.UpTo(shape.MaxWays) };
            _validation = new ValidationEpisodes(validation, tasks.FittedTo(validation), settings.ValidationBatches, _scale, settings.Seed, device, settings.Loop.Team);
        }

        _stages = settings.StagesOf(shape);
        _runner = new StageRunner(channel, settings, _stages, FewShotFingerprint.Of(training, validation, shape, settings));
    }

    /// <summary>Builds a model, trains it, and returns it with the best weights.</summary>
    /// <param name="training">The classes to learn from.</param>
    /// <param name="validation">Classes to choose the best weights by; null means that the last weights are kept.</param>
    /// <param name="shape">The model.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="channel">Told about stages and epochs.</param>
    /// <param name="device">Where to train; the model stays there.</param>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not finite before any weights had been validated;
    /// the checkpoint belongs to another run; or the machine has too little memory.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    public static FewShotTrainingOutcome Run(ExamplePool training, ExamplePool? validation, FewShotShape shape, FewShotTrainingSettings settings,
        IChannel channel, Device device)
    {
        settings = settings.For(shape, training);
        FewShotMemory.Check(shape, settings, settings.StagesOf(shape), training, device);
        var model = new HyperTransformerModel(shape, settings.Seed);
        try
        {
            model.to(device);
            IBatchStatistics.Share(model, settings.Loop.Team);
            using var run = new FewShotTraining(training, validation, shape, settings, channel, device, model);
            return run.Run();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose() => _runner.Dispose();

    private FewShotTrainingOutcome Run()
    {
        var logitScale = _shape.StartLogitScale;
        if (_stages.Contains(FewShotStage.Backbone))
        {
            logitScale = TrainBackbone();
        }

        if (_stages.Any(stage => stage is FewShotStage.Clusters or FewShotStage.Logits))
        {
            TrainGenerator(logitScale);
        }

        if (_stages.Contains(FewShotStage.Together) && !_runner.IsCancelled)
        {
            TrainTogether();
        }

        _runner.Forget();
        _model.train(false);
        return new FewShotTrainingOutcome(_model, _scale, _runner.Results, _runner.IsCancelled);
    }

    /// <summary>The learned scale of squared distances.</summary>
    private double TrainBackbone()
    {
        using var source = new ClassBatchSource(_training, _settings.ClassesPerBatch, _settings.ExamplesPerClass, _settings.Variation, _scale,
            _runner.BatchesPerEpoch(FewShotStage.Backbone), _settings.Seed, _device, _settings.Loop.Team);
        using var trainable = new NeighbourTrainable(_model.Backbone, _validation, source.ExamplesPerBatch, _device, _settings.Loop.Team);
        _backboneBatch = source.ExamplesPerBatch;
        _runner.Run(FewShotStage.Backbone, trainable, source);
        return trainable.Scale;
    }

    private void TrainGenerator(double logitScale)
    {
        _model.train(false);
        var (pool, tasks) = EmbeddedExamples.Choose(_training, _settings.EmbeddedEpisodes, AffordableEmbeddings(), _settings.Seed);
        using var table = Embed(pool, tasks);
        using (var mean = table.Mean())
        {
            _model.LogitsGenerator.SetInput(mean, logitScale);
        }

        using var held = _runner.IsCancelled ? null : _validation?.Embed(_model.Backbone, hasViews: true, CancellationToken.None);
        foreach (var stage in _stages.Where(stage => stage is FewShotStage.Clusters or FewShotStage.Logits))
        {
            if (!_runner.IsCancelled)
            {
                var sampler = new EpisodeSampler(pool, tasks, _settings.Seed + (int)stage);
                using var source = new EmbeddedEpisodeSource(sampler, table, _runner.BatchesPerEpoch(stage), _settings.Loop.Team);
                _runner.Run(stage, Generator(stage, held), source);
            }
        }
    }

    private GeneratorTrainable Generator(FewShotStage stage, EmbeddingTable? held) => new(
        _model.LogitsGenerator,
        isCorrected: stage == FewShotStage.Logits,
        scalarLearningRateScale: stage == FewShotStage.Logits ? _settings.ScalarLearningRateScale : 1,
        _settings.EmbeddedEpisodes.BatchSize,
        _validation is not null && held is not null ? (_validation, held) : null);

    /// <summary>All examples in every way that tasks may turn them; some of them where a cancelled run only wants their mean.</summary>
    private EmbeddingTable Embed(ExamplePool pool, EpisodeSettings tasks)
    {
        var examples = pool.Classes.SelectMany(one => one.Examples);
        IEnumerable<(int, byte)> wanted = _runner.IsCancelled
            ? examples.Take(EmbeddingTable.ChunkSize).Select(example => (example, (byte)0))
            : examples.SelectMany(_ => tasks.Variation.Orientations(pool.Shape), (example, orientation) => (example, orientation));
        return EmbeddingTable.Create(_model.Backbone, pool, [.. wanted], _scale, _device, hasViews: true, CancellationToken.None, _settings.Loop.Team);
    }

    /// <summary>By what the backbone's stage has shown: a training step is as long as three passes forward.</summary>
    private double AffordableEmbeddings()
    {
        var backbone = _runner.Results.Where(one => one.Stage == FewShotStage.Backbone).Select(one => one.Result).FirstOrDefault();
        return _settings.Loop.TimeBudget is { } budget && backbone is { Steps: > 0 }
            ? EmbeddingShare * (budget / backbone.Elapsed) * 3 * backbone.Steps * _backboneBatch / EmbeddingTable.Passes(_shape)
            : double.PositiveInfinity;
    }

    private void TrainTogether()
    {
        var own = _settings.Of(FewShotStage.Together);
        var sampler = new EpisodeSampler(_training, _settings.Episodes, _settings.Seed);
        using var source = new EpisodeSource(sampler, _scale, _runner.BatchesPerEpoch(FewShotStage.Together), _device, _settings.Loop.Team);
        var trainable = new EpisodeTrainable(_model, own.GeneratorLearningRateScale, _settings.Episodes.MeanExamples, _validation);
        _runner.Run(FewShotStage.Together, trainable, source);
    }
}
