using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Tokens [B, N, D] and grids [B, D, S, S] are two views of the same memory when the grid is in channels-last order, which is also
/// what libtorch's convolutions like best on a CPU: going back and forth copies nothing.
/// </summary>
internal static class TokenGrid
{
    internal static Tensor FromTokens(Tensor tokens)
    {
        var (B, N, D) = tokens.Dims3();
        long side = Shapes.GridSide(N);
        return tokens.view(B, side, side, D).permute(0, 3, 1, 2);
    }

    internal static Tensor ToTokens(Tensor grid)
    {
        var (B, D, height, width) = grid.Dims4("grid");
        return grid.permute(0, 2, 3, 1).reshape(B, height * width, D);
    }

    /// <summary>The same images with channels-last strides.</summary>
    internal static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}

/// <summary>
/// The head-major layout [H, B, N, K]. One copy makes it; then the inner model's start weights, which all images share, meet all
/// tokens in one product of H batches, [H, B·N, K]; and weights learned per image meet them as [H·B, N, K].
/// </summary>
internal static class Heads
{
    /// <summary>[B, N, P·D] → P tensors [H, B, N, K]; the last axis of the argument may be longer, the rest is not looked at.</summary>
    internal static Tensor[] Split(Tensor projected, long parts, long width, long heads)
    {
        long B = projected.size(0), N = projected.size(1);
        return projected.narrow(2, 0, parts * width)
            .view(B, N, parts, heads, width / heads)
            .permute(2, 3, 0, 1, 4)                     // [P, H, B, N, K]
            .contiguous()
            .unbind(0);
    }

    /// <summary>[H·B, N, K] or [H, B, N, K] → [B, N, D].</summary>
    internal static Tensor Merge(Tensor y, long batch, long heads)
    {
        long K = y.size(-1), N = y.size(-2);
        return y.view(heads, batch, N, K).permute(1, 2, 0, 3).reshape(batch, N, heads * K);
    }

    /// <summary>Rows of length 1 along the last axis; rows of zeros stay.</summary>
    internal static Tensor Unit(Tensor rows) => functional.normalize(rows, dim: -1);

    /// <summary>[H, B, N, K] as <paramref name="groups"/> batches of rows: [H, B·N, K] for shared weights, [H·B, N, K] for weights per image.</summary>
    internal static Tensor Group(Tensor rows, long groups) => rows.view(groups, -1, rows.size(-1));
}
