using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Support images moved a little along the diagonals. Pooling makes an embedding depend on where exactly a drawing lies; the mean over an image and its
/// views depends on it less, and costs only the adaptation time. What a view lacks at the border is the border repeated.
/// </summary>
internal static class ShiftedViews
{
    /// <summary>The most views there are.</summary>
    internal const int Most = 4;

    private const int SidePerPixel = 28;

    private static readonly (int X, int Y)[] Directions = [(1, 1), (-1, -1), (1, -1), (-1, 1)];

    /// <summary>View <paramref name="view"/>, from 0, of every image, moved by a pixel for every 28 of the side, [B, N, C, S, S].</summary>
    internal static Tensor Of(Tensor images, int view)
    {
        using var scope = NewDisposeScope();
        int pixels = Math.Max(1, (int)images.shape[3] / SidePerPixel);
        var (x, y) = Directions[view];
        return Moved(Moved(images, y * pixels, 3), x * pixels, 4).MoveToOuterDisposeScope();
    }

    private static Tensor Moved(Tensor images, int by, int axis) => images.index_select(axis, From(images.shape[axis], by, images.device));

    // Where each row or column comes from, int64 [S].
    private static Tensor From(long side, int by, Device device) =>
        tensor([.. Enumerable.Range(0, (int)side).Select(place => Math.Clamp(place - (long)by, 0, side - 1))], device: device);
}
