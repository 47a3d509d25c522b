using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT;

/// <summary>Options → what the model and the training are made of.</summary>
internal static class TttSettings
{
    /// <summary>The shape of the model for images of a side and a number of classes. Not validated.</summary>
    public static ModelShape Shape(TTTImageClassificationTrainer.Options options, int side, int classes)
    {
        var shape = options.Arch switch
        {
            TTTImageClassificationTrainer.ModelArchitecture.Tiny => ModelShape.Tiny(side, classes),
            TTTImageClassificationTrainer.ModelArchitecture.Small => ModelShape.Small(side, classes),
            _ => ModelShape.Compact(side, classes),
        };
        shape = shape with
        {
            PatchSize = options.PatchSize ?? shape.PatchSize,
            Stem = options.Stem ?? shape.Stem,
            Positions = options.Positions ?? shape.Positions,
            Width = options.Width ?? shape.Width,
            Heads = options.Heads ?? shape.Heads,
            MlpRatio = options.MlpRatio ?? shape.MlpRatio,
            Mixer = options.TokenMixer ?? shape.Mixer,
            OtherMixer = options.OtherMixer ?? shape.OtherMixer,
            Inner = Inner(options, shape.Inner),
        };
        return Blocks(options, shape);
    }

    /// <summary>The least multiple of <paramref name="step"/> that is not below <paramref name="value"/>.</summary>
    public static int RoundUp(int value, int step) => (value + step - 1) / step * step;

    /// <summary>How to train on a number of images.</summary>
    public static TttTrainingSettings Training(TTTImageClassificationTrainer.Options options, int imageCount, int seed) => new()
    {
        Seed = seed,
        BatchSize = options.BatchSize
            ?? Math.Clamp(imageCount / 32 / 8 * 8, TTTImageClassificationTrainer.Defaults.SmallestBatch, TTTImageClassificationTrainer.Defaults.LargestBatch),
        ValidationFraction = options.ValidationSetFraction ?? 0,
        LabelSmoothing = options.LabelSmoothing,
        HorizontalFlip = options.HorizontalFlip,
        CropPadding = options.CropPadding,
        MixUpAlpha = options.MixUpAlpha,
        CutMixAlpha = options.CutMixAlpha,
        LowResolutionFraction = options.LowResolutionFraction,
        Loop = new TrainingSettings
        {
            Epochs = options.Epoch,
            TimeBudget = options.TrainTime,
            WarmUpFraction = options.WarmUpFraction,
            ClipNorm = options.ClipNorm,
            EmaDecay = options.AverageDecay,
            CheckpointPath = options.CheckpointPath,
            EarlyStopping = options.EarlyStoppingCriteria is { } criteria
                ? new EarlyStopping(criteria.MinDelta, criteria.Patience, !criteria.CheckIncreasing)
                : null,
            Optimizer = new OptimizerSettings
            {
                Kind = options.Optimizer == TTTImageClassificationTrainer.OptimizerAlgorithm.AdamW ? OptimizerKind.AdamW : OptimizerKind.Muon,
                LearningRate = options.LearningRate,
                MatrixLearningRate = options.MatrixLearningRate,
                WeightDecay = options.WeightDecay,
            },
        },
    };

    // Another depth than the architecture's moves its mixer along: it stays in the last block.
    private static ModelShape Blocks(TTTImageClassificationTrainer.Options options, ModelShape shape)
    {
        var depth = options.Depth ?? shape.Depth;
        var blocks = options.MixerBlocks is { } chosen ? (chosen.Count == 0 ? null : chosen)
            : shape.MixerBlocks is null || depth == shape.Depth ? shape.MixerBlocks : [depth - 1];
        return shape with { Depth = depth, MixerBlocks = blocks };
    }

    private static InnerLearning Inner(TTTImageClassificationTrainer.Options options, InnerLearning inner) => inner with
    {
        Steps = options.InnerSteps ?? inner.Steps,
        MiniBatches = options.InnerMiniBatches ?? inner.MiniBatches,
        StepSize = options.InnerStepSize ?? inner.StepSize,
        Expansion = options.InnerExpansion ?? inner.Expansion,
        LastLayerOnly = options.InnerLastLayerOnly ?? inner.LastLayerOnly,
        LearnedStart = options.InnerLearnedStart ?? inner.LearnedStart,
        DecoderNorm = options.InnerDecoderNorm ?? inner.DecoderNorm,
    };
}
