using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>What a training sees of its images: pixels, or what the frozen stages of a backbone made of them.</summary>
internal interface ITrainingImages
{
    /// <summary>The side of a batch's squares.</summary>
    int Side { get; }

    /// <summary>The images that the training measures itself on; 0 where there are none.</summary>
    int ValidationCount { get; }

    /// <summary>A batch as the model takes it, [B, C, S, S].</summary>
    Tensor Prepare(ImageBatch batch);

    /// <summary>[B, C, S, S] → [B, Y].</summary>
    Tensor Logits(Tensor inputs);

    /// <summary>The images that the training measures itself on, each once; a process of a team gets some of the batches.</summary>
    IEnumerable<ImageBatch> ReadValidation(int batchSize, CancellationToken cancellationToken, Team team);
}

/// <summary>Pixels.</summary>
internal sealed class TrainingPixels(VisionTransformer model, ImageNormalization normalization, ImageDataSet? validation, Device device) : ITrainingImages
{
    public int Side => model.Shape.ImageSize;

    public int ValidationCount => validation?.Count ?? 0;

    public Tensor Prepare(ImageBatch batch) => normalization.Apply(batch.Inputs);

    public Tensor Logits(Tensor inputs) => model.call(inputs);

    public IEnumerable<ImageBatch> ReadValidation(int batchSize, CancellationToken cancellationToken, Team team) =>
        validation is null ? [] : ImageBatchReader.ReadAll(validation, batchSize, device, cancellationToken, team);
}

/// <summary>Features.</summary>
internal sealed class TrainingFeatures(VisionTransformer model, FeatureSet? validation, int side, Device device) : ITrainingImages
{
    public int Side => side;

    public int ValidationCount => validation?.Count ?? 0;

    public Tensor Prepare(ImageBatch batch) => batch.Inputs.to(float32);

    public Tensor Logits(Tensor inputs) => model.FromFeatures(inputs);

    public IEnumerable<ImageBatch> ReadValidation(int batchSize, CancellationToken cancellationToken, Team team) =>
        validation is null ? [] : validation.ReadAll(batchSize, device, cancellationToken, team);
}
