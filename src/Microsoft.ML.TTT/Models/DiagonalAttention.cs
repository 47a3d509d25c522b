using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Softmax attention within windows of the grid (TransNormer, arXiv 2210.10340, for images): time grows with N times the tokens of a window. Where windows do not fill
/// the grid, the last ones of a row and of a column are smaller.
/// </summary>
internal sealed class DiagonalAttention : Attention
{
    /// <summary>The tokens on a side of a window.</summary>
    internal const long Window = 8;

    internal DiagonalAttention(MixerShape shape, Random random)
        : base(nameof(DiagonalAttention), shape, random) => Complete(random);

    /// <summary>softmax(q kᵀ / sqrt(K)) v within each window; all tensors are [H, B, N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, long window)
    {
        var (H, B, N, K) = q.Dims4("queries");
        var S = Shapes.GridSide(N);
        Tensor[] grids = [.. new[] { q, k, v }.Select(tensor => tensor.view(H * B, S, S, K))];
        var whole = S / window * window;
        return cat([.. Parts(S, whole).Select(rows => cat([.. Parts(S, whole).Select(columns => InWindows(grids, rows, columns, window))], 2))], 1).view(H, B, N, K);
    }

    /// <summary>0 for two tokens of one window, and minus infinity for others, [N, N].</summary>
    internal static Tensor Mask(long side, long window)
    {
        var places = Enumerable.Range(0, (int)(side * side)).Select(token => (token / side / window, token % side / window)).ToArray();
        return tensor([.. places.SelectMany(one => places.Select(other => one == other ? 0 : float.NegativeInfinity))], [places.Length, places.Length]);
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => Mix(q, k, v, Window);

    // Where windows are whole, and the rest.
    private static IEnumerable<(long Start, long Length)> Parts(long side, long whole) => new[] { (0, whole), (whole, side - whole) }.Where(part => part.Item2 > 0);

    // 3 x [G, S, S, K] → [G, rows, columns, K].
    private static Tensor InWindows(Tensor[] grids, (long Start, long Length) rows, (long Start, long Length) columns, long window)
    {
        var (h, w) = (Math.Min(rows.Length, window), Math.Min(columns.Length, window));
        var (G, m, n, K) = (grids[0].size(0), rows.Length / h, columns.Length / w, grids[0].size(3));
        Tensor[] windows = [.. grids.Select(grid => grid.narrow(1, rows.Start, rows.Length).narrow(2, columns.Start, columns.Length)
            .reshape(G, m, h, n, w, K).permute(0, 1, 3, 2, 4, 5).reshape(G, m * n, h * w, K))];
        return SoftmaxAttention.Mix(windows[0], windows[1], windows[2])
            .view(G, m, n, h, w, K).permute(0, 1, 3, 2, 4, 5).reshape(G, rows.Length, columns.Length, K);
    }
}
