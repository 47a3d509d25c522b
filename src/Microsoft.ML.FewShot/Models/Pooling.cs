using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The largest of each square of 2x2 pixels, [M, c, S, S] → [M, c, S/2, S/2]; of an odd side the last row and column are dropped.</summary>
internal static class Pooling
{
    /// <summary>Pools. Without gradients by two element-wise maxima, which keep to whole vectors; torch's own also notes where the largest was.</summary>
    internal static Tensor Max(Tensor maps)
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
}
