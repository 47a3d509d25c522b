using Microsoft.ML.VisionCore.Persistence;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.TTT.Training;

/// <summary>What two runs must have in common for one to go on where the other stopped, by name.</summary>
internal static class RunFingerprint
{
    private const int SampledImages = 100;

    public static IReadOnlyDictionary<string, string> Of(ModelShape shape, ImageDataSet training, ImageDataSet? validation, TttTrainingSettings settings)
    {
        var loop = settings.Loop;
        var named = new (string Name, object? Value)[]
        {
            ("model", ModelJson.ToText(shape)),
            ("training images", Hash(training)),
            ("validation images", validation is null ? "none" : Hash(validation)),
            ("seed", settings.Seed),
            ("batch size", settings.BatchSize),
            ("label smoothing", settings.LabelSmoothing),
            ("horizontal flip", settings.HorizontalFlip),
            ("crop padding", settings.CropPadding),
            ("mixup", settings.MixUpAlpha),
            ("CutMix", settings.CutMixAlpha),
            ("low-resolution fraction", settings.LowResolutionFraction),
            ("low-resolution scale", settings.LowResolutionScale),
            ("length", loop.TimeBudget is { } budget ? $"{budget.TotalSeconds} seconds" : $"{loop.Epochs} epochs"),
            ("optimizer", JsonSerializer.Serialize(loop.Optimizer)),
            ("warm-up", loop.WarmUpFraction),
            ("decay", loop.Decay),
            ("clipping norm", loop.ClipNorm ?? double.PositiveInfinity),
            ("weight average", loop.EmaDecay ?? 0),
            ("early stopping", loop.EarlyStopping is { } stopping ? JsonSerializer.Serialize(stopping) : "none"),
            ("validation epochs", loop.ValidationEpochs),
        };
        return named.ToDictionary(pair => pair.Name, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture) ?? "");
    }

    /// <summary>Covers every label and the pixels of some cached images.</summary>
    private static string Hash(ImageDataSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in images.Rows)
        {
            var label = images.Store.Label(row);
            hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in label)));
        }

        int[] cached = [.. images.Rows.Where(row => !images.Store.IsStreamed(row))];
        var count = Math.Min(SampledImages, cached.Length);
        for (var i = 0; i < count; i++)
        {
            hash.AppendData(images.Store.Cache[cached[(int)((long)i * cached.Length / count)]]);
        }

        return $"{images.Count} images {Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8))}";
    }
}
