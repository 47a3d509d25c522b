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
    public static LeastMemory Of(ModelShape shape, int side, int batch)
    {
        var (width, tokens) = ((double)shape.Width, Math.Pow(side / shape.PatchSize, 2));
        var (weights, kept) = (width * shape.Classes, 0.0);
        for (var block = 0; block < shape.Depth; block++)
        {
            var mixes = shape.MixerOf(block) != TokenMixer.None;
            // The feed-forward part has two matrices, and keeps what is between them before and after the GELU; a mixer has at least four, or queries, keys and values in one.
            weights += width * width * ((2 * shape.MlpRatio) + (mixes ? 4 : 0));
            kept += width * ((2 * shape.MlpRatio) + (mixes ? WithMixer : WithoutMixer));
        }

        return new LeastMemory(sizeof(float) * LeastMemory.CopiesOfWeights * weights, sizeof(float) * kept * tokens * batch,
            "A smaller BatchSize, ImageSize, Width, Depth or MlpRatio, or a larger PatchSize, needs less.");
    }
}
