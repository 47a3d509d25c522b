using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Convolutions 3x3 whose kernels differ from task to task.</summary>
internal static class TaskConvolution
{
    // With one input channel a grouped convolution falls into the slow depth-wise path; up to this many, unfolding is faster.
    private const long UnfoldUpTo = 3;

    /// <summary>Applies task b's kernels to task b's channels.</summary>
    /// <param name="maps">[M, B·c', S, S].</param>
    /// <param name="kernels">[B, c, c', 3, 3].</param>
    /// <returns>[M, B·c, S, S].</returns>
    internal static Tensor Apply(Tensor maps, Tensor kernels)
    {
        var sizes = kernels.shape;
        var (B, c, inputs) = (sizes[0], sizes[1], sizes[2]);
        if (B == 1 || inputs > UnfoldUpTo)
        {
            return functional.conv2d(maps, kernels.reshape(B * c, inputs, 3, 3), null, [1, 1], [1, 1], null, B);
        }

        var (M, S) = (maps.shape[0], maps.shape[2]);
        var unfolded = Unfold(maps).view(M, B, inputs * 9, S * S).permute(1, 2, 0, 3).reshape(B, inputs * 9, M * S * S);
        return kernels.reshape(B, c, inputs * 9).bmm(unfolded)                                  // [B, c, M·S·S]
            .view(B, c, M, S * S).permute(2, 0, 1, 3).reshape(M, B * c, S, S).contiguous();
    }

    /// <summary>
    /// An ordinary convolution, [M, c', S, S] and [c, c', 3, 3] → [M, c, S, S], as a matrix product of its own an image: what comes out for
    /// an image is the same to the last bit whatever the batch. Torch chooses other kernels for other batch sizes.
    /// </summary>
    internal static Tensor ApplyImageByImage(Tensor maps, Tensor kernels)
    {
        var (M, S, c) = (maps.shape[0], maps.shape[2], kernels.shape[0]);
        var unfolded = Unfold(maps).view(M, -1, S * S);                                         // [M, c'·9, S·S]
        long depth = unfolded.shape[1];
        return kernels.reshape(1, c, depth).expand(M, c, depth).bmm(unfolded).view(M, c, S, S);
    }

    // [M, n, S, S] → [M, n, 9, S, S].
    private static Tensor Unfold(Tensor maps) => stack(PixelConvolution.Shifts(maps), 2);
}
