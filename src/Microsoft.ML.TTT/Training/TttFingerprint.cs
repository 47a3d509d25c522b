using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT.Training;

/// <summary>The <see cref="RunFingerprint"/> of a training.</summary>
internal static class TttFingerprint
{
    public static IReadOnlyDictionary<string, string> Of(ModelShape shape, ImageDataSet training, ImageDataSet? validation, TttTrainingSettings settings)
    {
        var loop = settings.Loop;
        return RunFingerprint.Of(loop,
            ("model", ModelJson.ToText(shape)),
            ("training images", Hash(training)),
            ("validation images", validation is null ? "none" : Hash(validation)),
            ("seed", settings.Seed),
            ("batch size", settings.BatchSize),
            ("label smoothing", settings.LabelSmoothing),
            ("horizontal flip", settings.HorizontalFlip),
            ("crop padding", settings.CropPadding),
            ("crop scale", settings.CropScale),
            ("mixup", settings.MixUpAlpha),
            ("CutMix", settings.CutMixAlpha),
            ("low-resolution fraction", settings.LowResolutionFraction),
            ("low-resolution scale", settings.LowResolutionScale),
            ("full-resolution scale", settings.FullResolutionScale),
            ("length", loop.TimeBudget is null ? $"{loop.Epochs} epochs" : "by time"),
            ("optimizer", loop.Optimizer),
            ("warm-up", loop.WarmUpFraction),
            ("decay", loop.Decay),
            ("clipping norm", loop.ClipNorm ?? double.PositiveInfinity));
    }

    // Every label, and the pixels of some images.
    private static string Hash(ImageDataSet images)
    {
        var pixels = new byte[3 * images.Side * images.Side];
        return $"{images.Count} images {RunFingerprint.Hash(string.Join(' ', images.Rows.Select(images.Store.Label)), images.Count, Pixels)}";

        ReadOnlySpan<byte> Pixels(int image)
        {
            images.Store.Cache.Read(images.Rows[image], pixels);
            return pixels;
        }
    }
}
