using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// One layer of the target network: convolution 3x3 without bias, pooling, rectifier, normalisation, [M, c', S, S] → [M, c, S', S'].
/// Maps of B tasks lie side by side as channels, [M, B·c, S, S], so that kernels of their own are one grouped convolution.
/// </summary>
internal sealed class BackboneBlock : Module<Tensor, Tensor>
{
    internal readonly Parameter? weight;                // [c, c', 3, 3]; none where all of it is generated
    internal readonly ChannelNormalization norm;
    private readonly bool _isFirst, _hasPool, _hasActivation;

    internal BackboneBlock(FewShotShape shape, int layer, Random random)
        : base(nameof(BackboneBlock))
    {
        long inputs = shape.InputChannels(layer);
        bool isLearned = !shape.IsGenerated(layer) || shape.AddLearnedWeights;
        weight = isLearned ? Parameters.Normal(random, Math.Sqrt(2.0 / (9 * inputs)), shape.Channels, inputs, 3, 3) : null;
        norm = new ChannelNormalization(shape.Channels, hasOffset: layer < shape.Convolutions - 1);
        _isFirst = layer == 0;
        _hasPool = shape.HasPool(layer);
        _hasActivation = shape.HasActivation(layer);
        RegisterComponents();
    }

    /// <summary>With the learned kernels; <see cref="ChannelNormalization.forward"/> normalises.</summary>
    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return norm.call(Convolve(maps)).MoveToOuterDisposeScope();
    }

    /// <summary>The same for <see cref="DirectBlocks"/>, with the running statistics.</summary>
    internal DirectBlock Direct
    {
        get
        {
            var (scale, shift) = norm.Affine(null);
            return new DirectBlock(Learned, scale, shift, _hasPool, _hasActivation);
        }
    }

    /// <summary>Everything before the normalisation, with the learned kernels, [M, c', S, S] → [M, c, S', S'].</summary>
    internal Tensor Convolve(Tensor maps)
    {
        return Rectify(_isFirst ? Convolutions.OfPixels(maps, Learned) : Convolutions.Of(maps, Learned), _hasPool, _hasActivation);
    }

    private Parameter Learned => weight ?? throw new InvalidOperationException("The kernels of this layer are generated from a support set; there are no others.");

    /// <summary>Everything before the normalisation, with each task's own kernels, [M, B·c', S, S] and [B, c, c', 3, 3] → [M, B·c, S', S'].</summary>
    internal Tensor Convolve(Tensor maps, Tensor kernels, bool isTwice = false) => Rectify(Convolutions.OfTasks(maps, kernels, isTwice), _hasPool, _hasActivation);

    /// <summary>What follows a convolution: pooling and rectifier, if any.</summary>
    internal static Tensor Rectify(Tensor maps, bool hasPool, bool hasActivation)
    {
        var pooled = hasPool ? Convolutions.MaxPool(maps) : maps;
        return hasActivation ? pooled.relu() : pooled;
    }
}
