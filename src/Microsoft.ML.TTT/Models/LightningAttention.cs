using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Linear attention that fades with the distance, as Lightning Attention-2 (arXiv 2401.04658), for tokens of a grid that all see one another: a token counts λ to the power of
/// the steps to it along both axes, with a λ for each head that depends on the block. Few tokens are computed in pairs, many by sweeps over the rows of the grid.
/// </summary>
internal sealed class LightningAttention : Attention
{
    /// <summary>The most tokens of which all pairs are computed. A sweep holds K x K numbers for each token and head, so that pairs are cheaper up to N = K² and beyond.</summary>
    internal const long MostPairs = 4096;

    private readonly double[] _slopes;

    internal LightningAttention(MixerShape shape, Random random)
        : base(nameof(LightningAttention), shape, random)
    {
        _slopes = Slopes(shape);
        Complete(random);
    }

    /// <summary>-ln λ of every head, [H]: 2^(-8 (h + 1) / H) (1 - l / (L - 1) + 1e-5) in block l of L.</summary>
    internal static double[] Slopes(MixerShape shape)
    {
        var ofBlock = 1 - (shape.Blocks > 1 ? shape.Block / (shape.Blocks - 1.0) : 0) + 1e-5;
        return [.. Enumerable.Range(1, (int)shape.Heads).Select(head => Math.Pow(2, -8.0 * head / shape.Heads) * ofBlock)];
    }

    /// <summary>λ to the power of the distance between any two tokens, [H, 1, N, N].</summary>
    internal static Tensor Decays(double[] slopes, long side, ScalarType type, Device device)
    {
        var places = TensorArithmetic.Arange(side, type, device);
        var steps = places.unsqueeze(1).sub(places).abs();                                                        // [S, S]
        var distance = steps.view(side, 1, side, 1).Add(steps.view(1, side, 1, side)).view(side * side, side * side);
        return distance.mul(OfHeads(slopes, type, device).neg()).exp();
    }

    /// <summary>Σ_j λ^|i - j| (q_i·k_j) v_j by all pairs; all tensors are [H, B, N, K].</summary>
    internal static Tensor MixPairs(Tensor q, Tensor k, Tensor v, double[] slopes) =>
        q.matmul(k.transpose(2, 3)).mul(Decays(slopes, Shapes.GridSide(q.shape[2]), q.dtype, q.device)).matmul(v);

    /// <summary>The same by sweeps down and up over the rows, whose states are faded along the row before.</summary>
    internal static Tensor MixRows(Tensor q, Tensor k, Tensor v, double[] slopes)
    {
        var (H, B, N, K) = q.Dims4("queries");
        var S = Shapes.GridSide(N);
        var slope = OfHeads(slopes, q.dtype, q.device);                                                           // [H, 1, 1, 1]
        var fading = slope.neg().exp();
        var (queries, keys, values) = (Rows(q), Rows(k), Rows(v));
        var states = keys.Zip(values, (key, value) => Fade(key.unsqueeze(4).mul(value.unsqueeze(3)).view(H, B, S, K * K), slope)).ToArray();
        var y = new Tensor[S];
        Tensor above = zeros_like(states[0]), below = above;
        for (var row = 0; row < S; row++)
        {
            above = above.mul(fading).Add(states[row]);
            y[row] = Ask(row, above);
        }

        for (var row = (int)S - 2; row >= 0; row--)
        {
            below = below.Add(states[row + 1]).mul(fading);
            y[row] = y[row].Add(Ask(row, below));
        }

        return cat(y, 2);

        Tensor Ask(int row, Tensor state) => queries[row].unsqueeze(3).matmul(state.view(H, B, S, K, K)).squeeze(3);

        Tensor[] Rows(Tensor x) => x.view(H, B, S, S, K).unbind(2);                                               // S x [H, B, S, K]
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x)
    {
        var mixed = q.shape[2] <= MostPairs ? MixPairs(q, k, v, _slopes) : MixRows(q, k, v, _slopes);
        return mixed.Mul(1 / Math.Sqrt(q.shape[3]));
    }

    private protected override Tensor Join(Tensor mixed, Tensor x) => Layers.RootMeanSquare(mixed);

    // Σ_x' λ^|x - x'| of a row [H, B, S, K²], each way by doubling the reach.
    private static Tensor Fade(Tensor row, Tensor slope)
    {
        var (fromLeft, fromRight, S) = (row, row, row.shape[2]);
        for (long reach = 1; reach < S; reach *= 2)
        {
            var faded = slope.Mul(-reach).exp();
            var gap = zeros([row.shape[0], row.shape[1], reach, row.shape[3]], row.dtype, row.device);
            fromLeft = fromLeft.Add(cat([gap, fromLeft.narrow(2, 0, S - reach).mul(faded)], 2));
            fromRight = fromRight.Add(cat([fromRight.narrow(2, reach, S - reach).mul(faded), gap], 2));
        }

        return fromLeft.Add(fromRight).sub(row);
    }

    // [H, 1, 1, 1].
    private static Tensor OfHeads(double[] slopes, ScalarType type, Device device) => tensor(slopes, type, device).view(-1, 1, 1, 1);
}
