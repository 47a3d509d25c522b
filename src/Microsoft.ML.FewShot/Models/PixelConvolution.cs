using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The convolution 3x3 of raw images, which have few channels.</summary>
internal static class PixelConvolution
{
    /// <summary>
    /// [M, C, S, S] and [c, C, 3, 3] → [M, c, S, S], as one matrix product of the pixels under each kernel. The result lies in memory with its
    /// channels innermost, and what follows keeps it so: on a CPU, pooling and normalising in that layout cost a fraction.
    /// </summary>
    internal static Tensor Apply(Tensor images, Tensor kernels)
    {
        var (M, C, S, c) = (images.shape[0], images.shape[1], images.shape[2], kernels.shape[0]);
        var patches = stack(Shifts(images), 4).permute(0, 2, 3, 1, 4).reshape(M, S, S, C * 9);
        return functional.linear(patches, kernels.view(c, C * 9)).permute(0, 3, 1, 2);
    }

    /// <summary>The nine pixels under a 3x3 kernel, row by row: maps [M, n, S, S] moved by one pixel at most, zero beyond the border.</summary>
    private static List<Tensor> Shifts(Tensor maps)
    {
        long S = maps.shape[2];
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
