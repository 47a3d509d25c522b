using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>An immutable copy of what the caller asked of a meta-training; the product has validated it.</summary>
internal sealed record FewShotTrainingSettings
{
    /// <summary>What is trained, by which a checkpoint of another method is told.</summary>
    public FewShotMethod Method { get; init; }

    /// <summary>Fixes the start weights and every draw.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// What all stages share: time budget, checkpoint file, cancellation, clock, early stopping, share of validations. Length, optimiser and
    /// progress are replaced stage by stage. The state of a stage is kept in a file named after the checkpoint and the stage.
    /// </summary>
    public TrainingSettings Loop { get; init; } = new();

    /// <summary>The classes in a batch of the backbone's stage; all where there are fewer.</summary>
    public int ClassesPerBatch { get; init; } = 320;

    /// <summary>The examples of each of these classes; at least 2.</summary>
    public int ExamplesPerClass { get; init; } = 2;

    /// <summary>How images are varied in the backbone's stage, and on tasks.</summary>
    public ClassVariation Variation { get; init; } = new(0.5, 0, 0);

    /// <summary>
    /// The tasks that the generator is trained on while the backbone is finished. Mirrored images are classes that the backbone has not seen, as the classes
    /// are that the generator will be used on; on those that it has seen the generator finds little to correct. Classes of a few groups,
    /// alphabets for instance, are harder to tell apart than any.
    /// </summary>
    public EpisodeSettings EmbeddedEpisodes { get; init; } = new()
    {
        BatchSize = 32,
        Ways = new IntRange(5, 20),
        Shots = new IntRange(1, 5),
        Unlabeled = new IntRange(0, 4),
        Queries = 5,
        Groups = 3,
        Variation = new ClassVariation(1, 1, 0),
    };

    /// <summary>The tasks that everything is trained on together.</summary>
    public EpisodeSettings Episodes { get; init; } = new() { BatchSize = 16, Ways = 20, Shots = new IntRange(1, 5), Unlabeled = new IntRange(0, 2), Queries = 2 };

    /// <summary>The held-out tasks of a validation.</summary>
    public EpisodeSettings ValidationEpisodes { get; init; } = new() { BatchSize = 25, Ways = 20, Shots = 1, Unlabeled = new IntRange(0, 4), Queries = 5 };

    /// <summary>The batches of held-out tasks.</summary>
    public int ValidationBatches { get; init; } = 8;

    public StageSettings Backbone { get; init; } = new()
    {
        Share = 0.85,
        Steps = 2000,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = 0.01, Beta2 = 0.98, WeightDecay = 1e-4 },
    };

    public StageSettings Clusters { get; init; } = new()
    {
        Share = 0.04,
        Steps = 1000,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = 0.02, Beta2 = 0.98, WeightDecay = 0 },
    };

    public StageSettings Logits { get; init; } = new()
    {
        Share = 0.11,
        Steps = 1000,
        WarmUpFraction = 0.05,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = 0.002, Beta2 = 0.98, WeightDecay = 0.01 },
    };

    /// <summary>Null means what suits the model: <see cref="For"/> puts it in.</summary>
    public StageSettings? Together { get; init; }

    /// <summary>The factor on the rate of temperatures and weights while the encoder is trained.</summary>
    public double ScalarLearningRateScale { get; init; } = 3;

    /// <summary>Called on the training thread after each epoch and now and then between.</summary>
    public Action<FewShotProgress>? Progress { get; init; }

    /// <summary>
    /// These settings as they suit a model and its data: tasks no larger than the data allows, slots from all rows of the label tables, and the
    /// stage that trains everything together, whose rates are lower where the backbone has been trained before.
    /// </summary>
    public FewShotTrainingSettings For(FewShotShape shape, ExamplePool training) => this with
    {
        EmbeddedEpisodes = Suited(EmbeddedEpisodes, shape, training),
        Episodes = Suited(Episodes, shape, training),
        Together = Together ?? (shape.Design == FewShotDesign.Paper ? WholeStage(0.001, 1) : shape.AddLearnedWeights ? WholeStage(0.004, 0.5) : WholeStage(0.006, 0.33)),
    };

    /// <summary>The settings of a stage.</summary>
    public StageSettings Of(FewShotStage stage) => stage switch
    {
        FewShotStage.Backbone => Backbone,
        FewShotStage.Clusters => Clusters,
        FewShotStage.Logits => Logits,
        FewShotStage.Together => Together ?? throw new InvalidOperationException($"Settings are made whole by {nameof(For)}."),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };

    /// <summary>The stages that a model of this shape goes through, without those that have no steps.</summary>
    public IReadOnlyList<FewShotStage> StagesOf(FewShotShape shape)
    {
        FewShotStage[] all = shape.Design == FewShotDesign.Paper ? [FewShotStage.Together]
            : shape.GeneratedLayers == 0 ? [FewShotStage.Backbone, FewShotStage.Clusters, FewShotStage.Logits]
            : shape.AddLearnedWeights ? [FewShotStage.Backbone, FewShotStage.Clusters, FewShotStage.Together]
            : [FewShotStage.Together];
        return [.. all.Where(stage => Of(stage).Steps > 0 && (stage != FewShotStage.Backbone || shape.Layers > 0))];
    }

    private static EpisodeSettings Suited(EpisodeSettings tasks, FewShotShape shape, ExamplePool training) =>
        (tasks with { Ways = tasks.Ways.UpTo(shape.MaxWays), SlotRows = shape.MaxWays }).FittedTo(training);

    private static StageSettings WholeStage(double rate, double generatorLearningRateScale) => new()
    {
        Share = 0.85,
        Steps = 2000,
        GeneratorLearningRateScale = generatorLearningRateScale,
        Optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, LearningRate = rate, Beta2 = 0.98, WeightDecay = 1e-4 },
    };
}
