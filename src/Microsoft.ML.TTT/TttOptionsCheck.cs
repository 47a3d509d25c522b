using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.TTT;

/// <summary>Finds everything that is wrong with options before any data is seen.</summary>
internal static class TttOptionsCheck
{
    /// <exception cref="ArgumentOutOfRangeException">Something is out of range; the message names every violation.</exception>
    public static void Validate(TTTImageClassificationTrainer.Options options)
    {
        OptionCheck.Throw([.. Columns(options), .. Ranges(options), .. Positives(options), .. Names(options), .. Model(options)], nameof(options));
    }

    private static IEnumerable<string> Columns(TTTImageClassificationTrainer.Options options) => OptionCheck.Columns(
        (nameof(options.LabelColumnName), options.LabelColumnName ?? ""),
        (nameof(options.FeatureColumnName), options.FeatureColumnName ?? ""),
        (nameof(options.ScoreColumnName), options.ScoreColumnName ?? ""),
        (nameof(options.PredictedLabelColumnName), options.PredictedLabelColumnName ?? ""));

    private static IEnumerable<string> Ranges(TTTImageClassificationTrainer.Options options) => OptionCheck.Outside(
        (nameof(options.Epoch), options.Epoch, 1, 100_000),
        (nameof(options.BatchSize), options.BatchSize, 1, 65_536),
        (nameof(options.WeightDecay), options.WeightDecay, 0, 1),
        (nameof(options.WarmUpFraction), options.WarmUpFraction, 0, 0.5),
        (nameof(options.LabelSmoothing), options.LabelSmoothing, 0, 0.9),
        (nameof(options.CropPadding), options.CropPadding, 0, 0.5),
        (nameof(options.MixUpAlpha), options.MixUpAlpha, 0, 10),
        (nameof(options.CutMixAlpha), options.CutMixAlpha, 0, 10),
        (nameof(options.LowResolutionFraction), options.LowResolutionFraction, 0, 0.95),
        (nameof(options.ValidationSetFraction), options.ValidationSetFraction, 0, 0.9),
        (nameof(options.PixelCacheBytes), options.PixelCacheBytes, 0, long.MaxValue),
        (nameof(options.GpuDeviceId), options.GpuDeviceId, 0, 255),
        (nameof(options.ImageSize), options.ImageSize, 8, 4096),
        ("EarlyStoppingCriteria.Patience", options.EarlyStoppingCriteria?.Patience, 1, int.MaxValue),
        ("EarlyStoppingCriteria.MinDelta", options.EarlyStoppingCriteria?.MinDelta, 0, float.MaxValue));

    private static IEnumerable<string> Positives(TTTImageClassificationTrainer.Options options) => OptionCheck.NotPositive(
        (nameof(options.LearningRate), options.LearningRate, 1),
        (nameof(options.MatrixLearningRate), options.MatrixLearningRate, 1),
        (nameof(options.ClipNorm), options.ClipNorm, float.MaxValue),
        (nameof(options.AverageDecay), options.AverageDecay, 1 - 1e-7),
        ("TrainTime in seconds", options.TrainTime?.TotalSeconds, TimeSpan.FromDays(365).TotalSeconds));

    private static IEnumerable<string> Names(TTTImageClassificationTrainer.Options options) =>
    [
        .. OptionCheck.Undefined(
            (nameof(options.Arch), options.Arch),
            (nameof(options.Optimizer), options.Optimizer),
            (nameof(options.Stem), options.Stem),
            (nameof(options.Positions), options.Positions),
            ("EarlyStoppingCriteria.Metric", options.EarlyStoppingCriteria?.Metric)),
        .. OptionCheck.EmptyPath(nameof(options.CheckpointPath), options.CheckpointPath),
    ];

    // The shape for a stand-in side and number of classes: what the data decides is checked again when it is known.
    private static IEnumerable<string> Model(TTTImageClassificationTrainer.Options options)
    {
        const int anyClasses = 2;
        var shape = TttSettings.Shape(options, options.ImageSize ?? StandInSide(options), anyClasses);
        return shape.Violations();
    }

    private static int StandInSide(TTTImageClassificationTrainer.Options options) =>
        options.PatchSize is > 0 and < 4096 and var patch ? TttSettings.RoundUp(64, patch) : 64;
}
