using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT;

/// <summary>Options → what the model and the training are made of.</summary>
internal static class TttSettings
{
    private const double LowScale = 0.75, LowScaleOnBackbone = 0.5;
    private const double FullScaleOnBackbone = 7.0 / 8;
    private const double CropScaleOnBackbone = 0.4;

    /// <summary>The shape of the model on a backbone for images of a side and a number of classes. Not validated.</summary>
    public static ModelShape Shape(TTTImageClassificationTrainer.Options options, ImageBackbone backbone, int side, int classes)
    {
        var shape = backbone == ImageBackbone.ResNet18 ? ModelShape.OnResNet18(side, classes) : options.Arch switch
        {
            TTTImageClassificationTrainer.ModelArchitecture.Tiny => ModelShape.Tiny(side, classes),
            TTTImageClassificationTrainer.ModelArchitecture.Small => ModelShape.Small(side, classes),
            _ => ModelShape.Compact(side, classes),
        };
        shape = shape with
        {
            TunedStages = options.Model.TunedStages ?? shape.TunedStages,
            PatchSize = options.Model.PatchSize ?? shape.PatchSize,
            Stem = options.Model.Stem ?? shape.Stem,
            Positions = options.Model.Positions ?? shape.Positions,
            Width = options.Model.Width ?? shape.Width,
            Heads = options.Model.Heads ?? shape.Heads,
            MlpRatio = options.Model.MlpRatio ?? shape.MlpRatio,
            Mixer = options.TokenMixer ?? shape.Mixer,
            OtherMixer = options.Model.OtherMixer ?? shape.OtherMixer,
            LocalMixing = options.Model.LocalMixing,
            OutputGate = options.Model.OutputGate,
            Pooling = options.Model.Pooling,
            Inner = Inner(options, shape.Inner),
        };
        return Blocks(options, shape);
    }

    /// <summary>The least multiple of <paramref name="step"/> that is not below <paramref name="value"/>.</summary>
    public static int RoundUp(int value, int step) => (value + step - 1) / step * step;

    /// <summary>How to train a model on a backbone with a number of images.</summary>
    public static TttTrainingSettings Training(TTTImageClassificationTrainer.Options options, ImageBackbone backbone, int imageCount, int seed) => new()
    {
        Seed = seed,
        BatchSize = options.BatchSize
            ?? Math.Clamp(imageCount / 32 / 8 * 8, TTTImageClassificationTrainer.Defaults.SmallestBatch, TTTImageClassificationTrainer.Defaults.LargestBatch),
        ValidationFraction = options.ValidationSetFraction ?? 0,
        LabelSmoothing = options.Recipe.LabelSmoothing,
        HorizontalFlip = options.HorizontalFlip,
        TestTimeAugmentation = options.Recipe.TestTimeAugmentation ?? options.HorizontalFlip,
        CropPadding = options.Recipe.CropPadding,
        CropScale = options.Recipe.CropScale ?? (backbone == ImageBackbone.None ? 1 : CropScaleOnBackbone),
        MixUpAlpha = options.Recipe.MixUpAlpha,
        CutMixAlpha = options.Recipe.CutMixAlpha,
        LowResolutionFraction = options.Recipe.LowResolutionFraction,
        LowResolutionScale = backbone == ImageBackbone.None ? LowScale : LowScaleOnBackbone,
        FullResolutionScale = backbone == ImageBackbone.None ? 1 : FullScaleOnBackbone,
        FeatureCacheBytes = options.Recipe.PixelCacheBytes,
        Recompute = options.Recipe.Recompute,
        Loop = new TrainingSettings
        {
            Epochs = options.Epoch,
            TimeBudget = options.TrainTime,
            WarmUpFraction = options.Recipe.WarmUpFraction,
            ClipNorm = options.Recipe.ClipNorm,
            EmaDecay = options.Recipe.EmaDecay,
            CheckpointPath = options.CheckpointPath,
            EarlyStopping = options.EarlyStoppingCriteria is { } criteria
                ? new EarlyStopping(criteria.MinDelta, criteria.Patience, !criteria.CheckIncreasing)
                : null,
            Optimizer = new OptimizerSettings
            {
                Kind = options.Recipe.Optimizer == TTTImageClassificationTrainer.OptimizerAlgorithm.AdamW ? OptimizerKind.AdamW : OptimizerKind.Muon,
                LearningRate = options.LearningRate,
                MatrixLearningRate = options.Recipe.MatrixLearningRate,
                WeightDecay = options.Recipe.WeightDecay,
            },
        },
    };

    // Another depth than the architecture's moves its mixer along: it stays in the last block.
    private static ModelShape Blocks(TTTImageClassificationTrainer.Options options, ModelShape shape)
    {
        var depth = options.Model.Depth ?? shape.Depth;
        var blocks = options.Model.MixerBlocks is { } chosen ? (chosen.Count == 0 ? null : chosen)
            : shape.MixerBlocks is null || depth == shape.Depth ? shape.MixerBlocks : [depth - 1];
        return shape with { Depth = depth, MixerBlocks = blocks };
    }

    private static InnerLearning Inner(TTTImageClassificationTrainer.Options options, InnerLearning inner) => inner with
    {
        Steps = options.InnerLoop.Steps ?? inner.Steps,
        MiniBatches = options.InnerLoop.MiniBatches ?? inner.MiniBatches,
        StepSize = options.InnerLoop.StepSize ?? inner.StepSize,
        Expansion = options.InnerLoop.Expansion ?? inner.Expansion,
        LastLayerOnly = options.InnerLoop.LastLayerOnly ?? inner.LastLayerOnly,
        LearnedStart = options.InnerLoop.LearnedStart ?? inner.LearnedStart,
        DecoderNorm = options.InnerLoop.DecoderNorm ?? inner.DecoderNorm,
    };
}
