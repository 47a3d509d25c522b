using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>Convolutions 3x3 whose kernels differ from task to task.</summary>
internal static class TaskConvolution
{
    /// <summary>Applies task b's kernels to task b's channels.</summary>
    /// <param name="maps">[M, B·c', S, S].</param>
    /// <param name="kernels">[B, c, c', 3, 3].</param>
    /// <returns>[M, B·c, S, S].</returns>
    internal static Tensor Apply(Tensor maps, Tensor kernels)
    {
        var (B, c, inputs) = (kernels.shape[0], kernels.shape[1], kernels.shape[2]);
        return functional.conv2d(maps, kernels.reshape(B * c, inputs, 3, 3), null, [1, 1], [1, 1], null, B);
    }

    /// <summary>
    /// An ordinary convolution, [M, c', S, S] and [c, c', 3, 3] → [M, c, S, S], as a matrix product of its own an image: what comes out for
    /// an image is the same to the last bit whatever the batch. Torch chooses other kernels for other batch sizes.
    /// </summary>
    internal static Tensor ApplyImageByImage(Tensor maps, Tensor kernels)
    {
        var (M, S, c) = (maps.shape[0], maps.shape[2], kernels.shape[0]);
        var unfolded = functional.unfold(maps, 3, padding: 1);                                  // [M, c'·9, S·S]
        long depth = unfolded.shape[1];
        return kernels.reshape(1, c, depth).expand(M, c, depth).bmm(unfolded).view(M, c, S, S);
    }
}
