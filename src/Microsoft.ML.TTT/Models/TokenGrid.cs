using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

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
