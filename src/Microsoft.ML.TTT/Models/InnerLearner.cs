using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>The inner training run of one layer on one batch of images: all its steps, one after another.</summary>
/// <param name="train">The training views [H, B, N, K].</param>
/// <param name="gradient">The gradient of the reconstruction loss.</param>
/// <param name="target">What the training views have to become.</param>
/// <param name="inner">Step size and which layers learn.</param>
internal sealed class InnerLearner(Tensor train, ReconstructionGradient gradient, ReconstructionTarget target, InnerLearning inner)
{
    /// <summary>The weights after one step per entry of <paramref name="batches"/>; an entry names the step's tokens, null all of them.</summary>
    /// <param name="start">The start weights; null is a linear model that is all zero, whose first output need not be computed.</param>
    /// <param name="batches">The tokens of each step, at least one.</param>
    internal FastWeights Learn(FastWeights? start, long[]?[] batches)
    {
        var weights = start;
        foreach (var batch in batches)
        {
            var (rows, wanted) = batch is null ? (train, target) : Select(batch);
            double scale = inner.StepSize / (rows.shape[2] * rows.shape[3]);
            weights = weights is { } current
                ? InnerStep.Take(current, rows, z => gradient.At(z, wanted, scale), inner.LastLayerOnly)
                : InnerStep.FromZero(rows, gradient.PullFromZero(rows, wanted), scale);
        }

        return weights ?? throw new ArgumentException("The inner model needs at least one step.", nameof(batches));
    }

    private (Tensor Rows, ReconstructionTarget Target) Select(long[] batch)
    {
        var index = tensor(batch, device: train.device);
        return (train.index_select(2, index), target.Select(index));
    }
}
