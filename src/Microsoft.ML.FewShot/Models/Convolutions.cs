using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The convolutions 3x3 of the target network, each as fast as it can be where it is used, and its pooling.</summary>
internal static class Convolutions
{
    /// <summary>
    /// Of raw images, which have few channels: [M, C, S, S] and [c, C, 3, 3] → [M, c, S, S], as one matrix product of the pixels
    /// under each kernel. The result lies in memory with its channels innermost, and what follows keeps it so: on a CPU, pooling and normalising in that layout cost a fraction.
    /// </summary>
    internal static Tensor OfPixels(Tensor images, Tensor kernels)
    {
        var (M, C, S, c) = (images.size(0), images.size(1), images.size(2), kernels.size(0));
        var patches = stack(Shifts(images), 4).permute(0, 2, 3, 1, 4).reshape(M, S, S, C * 9);
        return functional.linear(patches, kernels.view(c, C * 9)).permute(0, 3, 1, 2);
    }

    /// <summary>With the same kernels for all maps, [M, c', S, S] and [c, c', 3, 3] → [M, c, S, S].</summary>
    internal static Tensor Of(Tensor maps, Tensor kernels) => DirectConvolution.IsFaster(maps, kernels.size(0))
        ? DirectConvolution.Convolve(maps, kernels, null, stride: 1, padding: 1)
        : functional.conv2d(maps, kernels, null, [1, 1], [1, 1]);

    /// <summary>With kernels that differ from task to task: applies task b's to task b's channels.</summary>
    /// <param name="maps">[M, B·c', S, S].</param>
    /// <param name="kernels">[B, c, c', 3, 3].</param>
    /// <param name="isTwice">Whether gradients of gradients are wanted.</param>
    /// <returns>[M, B·c, S, S].</returns>
    internal static Tensor OfTasks(Tensor maps, Tensor kernels, bool isTwice)
    {
        var (B, c, inputs) = (kernels.size(0), kernels.size(1), kernels.size(2));
        if (!isTwice && DirectConvolution.IsFaster(maps, c))
        {
            return cat([.. maps.chunk(B, 1).Select((own, task) => DirectConvolution.Convolve(own, kernels[task], null, stride: 1, padding: 1))], 1);
        }

        return functional.conv2d(maps, kernels.reshape(B * c, inputs, 3, 3), null, [1, 1], [1, 1], null, B);
    }

    /// <summary>
    /// An ordinary convolution, [M, c', S, S] and [c, c', 3, 3] → [M, c, S, S], as a matrix product of its own an image: what comes out for
    /// an image is the same to the last bit whatever the batch. Torch chooses other kernels for other batch sizes.
    /// </summary>
    internal static Tensor ImageByImage(Tensor maps, Tensor kernels)
    {
        var (M, S, c) = (maps.size(0), maps.size(2), kernels.size(0));
        var unfolded = functional.unfold(maps, 3, padding: 1);                                  // [M, c'·9, S·S]
        long depth = unfolded.size(1);
        return kernels.reshape(1, c, depth).expand(M, c, depth).bmm(unfolded).view(M, c, S, S);
    }

    /// <summary>
    /// The largest of each square of 2x2 pixels, [M, c, S, S] → [M, c, S/2, S/2]; of an odd side the last row and column are dropped.
    /// Without gradients by two element-wise maxima, which keep to whole vectors; torch's own also notes where the largest was.
    /// </summary>
    internal static Tensor MaxPool(Tensor maps)
    {
        if (is_grad_enabled())
        {
            return functional.max_pool2d(maps, 2);
        }

        var sizes = maps.shape;
        long half = sizes[2] / 2;
        var rows = maps.narrow(2, 0, 2 * half).narrow(3, 0, 2 * half).view(sizes[0], sizes[1], half, 2, 2 * half);
        var pairs = rows.select(3, 0).maximum(rows.select(3, 1)).view(sizes[0], sizes[1], half, half, 2);
        return pairs.select(4, 0).maximum(pairs.select(4, 1));
    }

    /// <summary>The nine pixels under a 3x3 kernel, row by row: maps [M, n, S, S] moved by one pixel at most, zero beyond the border.</summary>
    private static List<Tensor> Shifts(Tensor maps)
    {
        long S = maps.size(2);
        var padded = functional.pad(maps, [1, 1, 1, 1]);
        var shifts = new List<Tensor>();
        for (int row = 0; row < 3; row++)
        {
            var rows = padded.narrow(2, row, S);
            for (int column = 0; column < 3; column++)
            {
                shifts.Add(rows.narrow(3, column, S));
            }
        }

        return shifts;
    }
}
