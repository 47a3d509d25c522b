using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// What a support set has made of the target network, for B tasks: generated layers, statistics, and the logits layer. Its tensors
/// belong to the caller's dispose scope, or to whoever disposes this.
/// </summary>
/// <param name="Backbone">The learned layers, not owned.</param>
/// <param name="Layers">The layers below the logits, in order.</param>
/// <param name="Weight">The logits layer's weights, [B, W, F].</param>
/// <param name="Bias">The logits layer's biases, [B, W].</param>
internal sealed record GeneratedLayers(Backbone Backbone, IReadOnlyList<TargetLayer> Layers, Tensor Weight, Tensor Bias) : IDisposable
{
    /// <summary>The <see cref="ShiftedViews"/> of a query that its embedding is averaged over, beside itself.</summary>
    internal int QueryViews { get; init; }

    /// <summary>The tasks B.</summary>
    internal long Tasks => Weight.size(0);

    /// <summary>The class slots W.</summary>
    internal long Ways => Weight.size(1);

    /// <summary>The finished classifier of one task, which needs neither this nor the model any more.</summary>
    internal TargetNetwork Extract(int task)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var shape = Backbone.Shape;
        var network = new TargetNetwork(TargetShape.Of(shape, (int)Ways, QueryViews), Backbone.Embedding);
        for (int layer = 0; layer < Layers.Count; layer++)
        {
            var (weight, bias, statistics) = Layers[layer];
            if (shape.IsImages)
            {
                var block = Backbone.Blocks[layer];
                var (scale, shift) = block.norm.Affine(shape.Normalization == FewShotNormalization.Query
                    ? TargetNetwork.NeutralStatistics(shape.Channels, Weight.device)
                    : One(statistics, task));
                network.SetConvolution(layer, weight?.select(0, task) ?? block.weight!, scale, shift);
            }
            else
            {
                network.SetHidden(weight?.select(0, task) ?? Backbone.Hidden!.weight, bias?.select(0, task) ?? Backbone.Hidden!.bias);
            }
        }

        if (Backbone.Standardization is var (mean, deviation))
        {
            network.SetStandardization(mean, deviation);
        }

        network.SetLogits(Backbone.Fold(Weight.select(0, task)), Bias.select(0, task));
        return network;
    }

    public void Dispose()
    {
        foreach (var tensor in Layers.SelectMany(layer => layer.Tensors()).Append(Weight).Append(Bias))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Moves the tensors to the scope around the current one.</summary>
    internal GeneratedLayers MoveToOuterDisposeScope()
    {
        foreach (var tensor in Layers.SelectMany(layer => layer.Tensors()).Append(Weight).Append(Bias))
        {
            tensor.MoveToOuterDisposeScope();
        }

        return this;
    }

    private ChannelStatistics? One(ChannelStatistics? statistics, int task)
    {
        if (statistics is null)
        {
            return null;
        }

        long channels = Backbone.Shape.Channels;
        return new ChannelStatistics(statistics.Mean.narrow(0, task * channels, channels), statistics.Variance.narrow(0, task * channels, channels));
    }
}

/// <summary>
/// A layer of the target network as B tasks have it.
/// </summary>
/// <param name="Weight">Generated weights: kernels [B, c, c', 3, 3], or hidden weights [B, units, length]; null where the learned ones serve.</param>
/// <param name="Bias">Generated biases of a hidden layer, [B, units]; otherwise null.</param>
/// <param name="Statistics">The support's statistics after a convolution, [B·c]; null where running ones normalise.</param>
internal sealed record TargetLayer(Tensor? Weight, Tensor? Bias, ChannelStatistics? Statistics)
{
    /// <summary>What this layer holds.</summary>
    internal IEnumerable<Tensor> Tensors() => new[] { Weight, Bias, Statistics?.Mean, Statistics?.Variance }.OfType<Tensor>();
}
