using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Trains a <see cref="MetaLearner"/> on many classes: one stage of the shared training loop, on the tasks that a hyper-transformer is trained on.</summary>
internal static class MetaLearnerTraining
{
    /// <summary>An inner step costs as much as a training step, so that more steps on fewer tasks are worth more than larger batches.</summary>
    internal const int TasksPerBatch = 4;

    /// <summary>The stage where the settings give none.</summary>
    internal static readonly StageSettings Stage = new()
    {
        Share = 1,
        Steps = 2000,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = 0.004, Beta2 = 0.98, WeightDecay = 1e-4 },
    };

    /// <summary>Builds a model, trains it, and returns it with the best weights.</summary>
    /// <param name="training">The classes to learn from.</param>
    /// <param name="validation">Classes to choose the best weights by; null means that the last weights are kept.</param>
    /// <param name="shape">The network.</param>
    /// <param name="create">Makes the model of it, with start weights by a generator.</param>
    /// <param name="settings">How to train; the stage that trains everything together counts. Unlabelled samples are not drawn.</param>
    /// <param name="channel">Told about epochs.</param>
    /// <param name="device">Where to train; the model stays there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible.</exception>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not finite before any weights had been validated;
    /// the checkpoint belongs to another run; or the machine has too little memory.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    internal static MetaLearnerTrainingOutcome Run(ExamplePool training, ExamplePool? validation, FewShotShape shape, Func<Random, MetaLearner> create,
        FewShotTrainingSettings settings, IChannel channel, Device device)
    {
        settings = Suited(settings, shape, training);
        FewShotMemory.Check(shape, settings, [FewShotStage.Together], training, device);
        var model = create(new Random(settings.Seed));
        try
        {
            model.to(device);
            new LeastMemory(0, sizeof(float) * settings.Episodes.BatchSize * model.KeptOfTask, "Fewer Channels or MaxWays, or a smaller ImageSize, need less.").Check(device, $"a batch of {settings.Episodes.BatchSize} tasks");
            var scale = ExampleScale.Measure(training);
            if (!shape.IsImages)
            {
                model.Backbone.SetStandardization(scale.Mean, scale.Deviation);
            }

            var tasks = settings.ValidationEpisodes with { Ways = settings.ValidationEpisodes.Ways.UpTo(shape.MaxWays), Unlabeled = 0 };
            var held = validation is null ? null
                : new ValidationEpisodes(validation, tasks.FittedTo(validation), settings.ValidationBatches, scale, settings.Seed, device, settings.Loop.Team);
            using var runner = new StageRunner(channel, settings, [FewShotStage.Together], Fingerprint(training, validation, model, settings));
            using var source = new EpisodeSource(new EpisodeSampler(training, settings.Episodes, settings.Seed), scale, runner.BatchesPerEpoch(FewShotStage.Together), device, settings.Loop.Team);
            runner.Run(FewShotStage.Together, new MetaLearnerTrainable(model, held, settings.Episodes.MeanExamples, settings.Seed), source);
            runner.Forget();
            model.eval();
            return new MetaLearnerTrainingOutcome(model, scale, runner.Results[0].Result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static FewShotTrainingSettings Suited(FewShotTrainingSettings settings, FewShotShape shape, ExamplePool training) =>
        (settings with
        {
            Together = settings.Together ?? Stage,
            Episodes = settings.Episodes with { BatchSize = Math.Min(settings.Episodes.BatchSize, TasksPerBatch), Unlabeled = 0, Variation = settings.Variation },
        }).For(shape, training);

    /// <summary>As that of a model whose only stage is this one, with how the model adapts.</summary>
    private static Dictionary<string, string> Fingerprint(ExamplePool training, ExamplePool? validation, MetaLearner model, FewShotTrainingSettings settings) =>
        new(FewShotFingerprint.Of(training, validation, model.Shape with { Design = FewShotDesign.Paper }, settings)) { ["adaptation"] = model.Adaptation };
}
