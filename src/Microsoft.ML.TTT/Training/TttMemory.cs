using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT.Training;

/// <summary>The memory that a training needs at least.</summary>
/// <remarks>What is not counted: the tokens' making, a backbone, the inner models, the optimizer's second memory, and the copy of the best weights.</remarks>
internal static class TttMemory
{
    // Of the width: what both normalisations get and give; and with a mixer two of what it multiplies.
    private const int WithoutMixer = 2, WithMixer = 6;

    /// <summary>The estimate for a model and a batch.</summary>
    /// <param name="shape">The model.</param>
    /// <param name="side">The side that it is trained at.</param>
    /// <param name="batch">The images of a batch.</param>
    /// <param name="isRecomputed">Whether the tokens between blocks are all that is kept, but for one block at a time.</param>
    public static LeastMemory Of(ModelShape shape, int side, int batch, bool isRecomputed)
    {
        var (width, tokens) = ((double)shape.Width, Math.Pow(side / shape.PatchSize, 2));
        var (weights, kept, largest) = (width * shape.Classes, 0.0, 0.0);
        for (var block = 0; block < shape.Depth; block++)
        {
            var mixes = shape.MixerOf(block) != TokenMixer.None;
            // The feed-forward part has two matrices, and keeps what is between them before and after the GELU; a mixer has at least four, or queries, keys and values in one.
            weights += width * width * ((2 * shape.MlpRatio) + (mixes ? 4 : 0));
            var own = width * ((2 * shape.MlpRatio) + (mixes ? WithMixer : WithoutMixer));
            kept += isRecomputed ? width : own;
            largest = Math.Max(largest, isRecomputed ? own : 0);
        }

        return new LeastMemory(sizeof(float) * LeastMemory.CopiesOfWeights * weights, sizeof(float) * (kept + largest) * tokens * batch,
            $"A smaller BatchSize, ImageSize, Width, Depth or MlpRatio, {(isRecomputed ? "" : "Recompute, ")}or a larger PatchSize, needs less.");
    }
}
