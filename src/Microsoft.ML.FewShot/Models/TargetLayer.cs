using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

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
