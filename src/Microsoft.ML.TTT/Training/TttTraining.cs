using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>Trains a vision transformer on a decoded data set.</summary>
internal static class TttTraining
{
    /// <summary>The frozen stages from which on features are smaller than pixels, and worth keeping.</summary>
    private const int LeastCached = 2;

    /// <summary>Builds a model, trains it, and returns it with the best weights.</summary>
    /// <param name="channel">Told about epochs.</param>
    /// <param name="shape">The model.</param>
    /// <param name="training">At least one image.</param>
    /// <param name="validation">Null means that <see cref="TttTrainingSettings.ValidationFraction"/> of <paramref name="training"/> is held out.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="device">Where to train; the model stays there.</param>
    /// <exception cref="InvalidOperationException">The loss was not finite before any weights had been validated; the checkpoint belongs to another run; or the machine has
    /// too little memory.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    public static TttTrainingOutcome Train(IChannel channel, ModelShape shape, ImageDataSet training, ImageDataSet? validation,
        TttTrainingSettings settings, Device device)
    {
        if (validation is null && settings.ValidationFraction > 0)
        {
            (training, validation) = training.Split(settings.ValidationFraction, settings.Seed);
        }

        // A split of very few images may hold nothing out; then there is nothing to choose the best weights by.
        validation = validation is { Count: 0 } ? null : validation;
        var batch = Math.Min(settings.BatchSize, training.Count);
        var side = TttTrainable.TrainingSide(shape, settings.LowResolutionFraction < 1 ? settings.FullResolutionScale : settings.LowResolutionScale);
        TttMemory.Of(shape, side, batch, settings.Recompute).Check(device, $"a batch of {batch} images of {side} x {side} pixels");
        // A backbone does its own.
        var normalization = shape.Backbone == ImageBackbone.None ? ImageNormalization.Measure(training) : ImageNormalization.None;
        var model = new VisionTransformer(shape, settings.Seed) { Recompute = settings.Recompute };
        try
        {
            model.to(device);
            // The probabilities are calibrated afterwards on every view of the validation images.
            var loop = settings.Loop with
            {
                Fingerprint = TttFingerprint.Of(shape, training, validation, settings),
                ValidationsAfter = validation is null ? 0 : settings.TestTimeAugmentation ? 2 : 1,
            };
            settings = settings with { Loop = loop };
            IBatchStatistics.Share(model, loop.Team);
            var result = model.Backbone is { FrozenStages: >= LeastCached } backbone
                ? OnFeatures(channel, model, backbone, training, validation, settings, device)
                : OnPixels(channel, model, normalization, training, validation, settings, device);
            return new TttTrainingOutcome(model, normalization, result, training, validation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static TrainingResult OnPixels(IChannel channel, VisionTransformer model, ImageNormalization normalization, ImageDataSet training, ImageDataSet? validation,
        TttTrainingSettings settings, Device device)
    {
        using var trainable = new TttTrainable(model, new TrainingPixels(model, normalization, validation, device), settings, device);
        using var batches = new ImageBatchReader(training, Augmentation(model.Shape, settings), settings.BatchSize, settings.Seed, device, settings.Loop.Team);
        return new TrainingLoop<ImageBatch>(trainable, batches, settings.Loop, channel).Run();
    }

    // What the frozen stages make of the images is computed once, before the training.
    private static TrainingResult OnFeatures(IChannel channel, VisionTransformer model, BackboneEmbedding backbone, ImageDataSet training, ImageDataSet? validation,
        TttTrainingSettings settings, Device device)
    {
        var total = training.Count + (validation?.Count ?? 0);
        using var features = FeatureSet.Of(backbone, training, settings.HorizontalFlip, settings.FeatureCacheBytes, device,
            done => settings.OnFeatures?.Invoke(done, total), settings.Loop.CancellationToken, settings.Loop.Team);
        using var validationFeatures = validation is null ? null : FeatureSet.Of(backbone, validation, isMirrored: false, settings.FeatureCacheBytes, device,
            done => settings.OnFeatures?.Invoke(training.Count + done, total), settings.Loop.CancellationToken, settings.Loop.Team);
        var (_, grid) = backbone.FeatureShape(model.Shape.ImageSize);
        using var trainable = new TttTrainable(model, new TrainingFeatures(model, validationFeatures, grid, device), settings, device);
        using var batches = features.Batches(settings.BatchSize, settings.Seed, device, settings.Loop.Team);
        return new TrainingLoop<ImageBatch>(trainable, batches, settings.Loop, channel).Run();
    }

    private static Augmentation Augmentation(ModelShape shape, TttTrainingSettings settings) => new()
    {
        CropPadding = settings.CropPadding > 0 ? Math.Max(1, (int)Math.Round(shape.ImageSize * settings.CropPadding)) : 0,
        CropScale = settings.CropScale,
        AlternatingFlip = settings.HorizontalFlip,
    };
}

/// <summary>A trained model in evaluation mode. Whoever takes it owns <paramref name="Model"/>.</summary>
/// <param name="Model">With the best weights.</param>
/// <param name="Normalization">What its pixels are normalised with.</param>
/// <param name="Result">What the training came to.</param>
/// <param name="Training">The images that it learned from; not owned.</param>
/// <param name="Validation">The images that the best weights were chosen by; null where there were none.</param>
internal sealed record TttTrainingOutcome(
    VisionTransformer Model, ImageNormalization Normalization, TrainingResult Result, ImageDataSet Training, ImageDataSet? Validation);
