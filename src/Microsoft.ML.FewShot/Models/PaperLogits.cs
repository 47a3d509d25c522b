using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The paper's generator of the logits layer: a slice of F + 1 numbers a class, weights and bias.</summary>
internal sealed class PaperLogits : Module
{
    private readonly Convolution? activation;       // features of the last map; embeddings of feature vectors go in as they are
    private readonly SliceGenerator slices;
    private readonly long _channels, _side, _length;

    internal PaperLogits(FewShotShape shape, Random random)
        : base(nameof(PaperLogits))
    {
        _channels = shape.Channels;
        _side = shape.SideAfter(shape.Convolutions);
        _length = shape.EmbeddingLength;
        activation = shape.IsImages ? Convolution.Biased3x3(random, _channels, _channels, stride: 1, padding: 1) : null;
        long payload = (shape.IsImages ? _channels : _length) + (shape.UsesImageFeatures ? shape.ImageFeatures : 0);
        slices = new SliceGenerator(shape, new SliceGeneratorSizes(payload, 0, shape.MaxWays, _length + 1, IsSlicePerClass: true), random);
        RegisterComponents();
    }

    /// <summary>The token width.</summary>
    internal long Width => slices.Width;

    /// <summary>Embeddings [B, N, F] → weights [B, W, F] and biases [B, W].</summary>
    internal (Tensor Weight, Tensor Bias) Generate(Tensor embeddings, SupportLabels labels, Tensor? imageFeatures)
    {
        var (B, N, _) = embeddings.Dims3("embeddings");
        var seen = activation is null
            ? embeddings
            : activation.call(embeddings.reshape(B * N, _channels, _side, _side)).mean([2, 3]).view(B, N, _channels);
        var generated = slices.Generate(imageFeatures is null ? seen : cat([seen, imageFeatures], 2), labels, null);      // [B, W, F + 1]
        return (generated.narrow(2, 0, _length), generated.select(2, _length));
    }
}
