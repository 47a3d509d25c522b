using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// cosFormer (arXiv 2202.08791): linear attention with rectified queries and keys, whose weights fall off with the cosine of the distance. Differs from the paper, whose tokens
/// are a sequence: the weights fall off with the product of the cosines of both distances on the grid, which takes 4 K features rather than 2 K.
/// </summary>
internal sealed class CosFormer : Attention
{
    internal const double Least = 1e-6;

    internal CosFormer(MixerShape shape, Random random)
        : base(nameof(CosFormer), shape, random) => Complete(random);

    /// <summary>
    /// Σ_j w_ij v_j / max(Σ_j w_ij, 1e-6), w_ij = relu(q_i)·relu(k_j) Π cos(π/2 (i - j) / M) over the axes; all tensors are [..., N, K].
    /// </summary>
    /// <param name="q">The queries.</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="sides">M, the places of each axis, the last one fastest: [N] for a sequence, [S, S] for a grid.</param>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, params long[] sides)
    {
        var (queries, keys) = (q.relu(), k.relu());
        foreach (var angle in Angles(q.size(-2), sides, q.dtype, q.device))
        {
            // cos(a - b) = cos a cos b + sin a sin b.
            var (sin, cos) = (angle.sin(), angle.cos());
            (queries, keys) = (cat([queries.mul(sin), queries.mul(cos)], -1), cat([keys.mul(sin), keys.mul(cos)], -1));
        }

        var norm = queries.matmul(keys.sum(-2, true).transpose(-2, -1)).ClampMin(Least);          // [..., N, 1]
        return queries.matmul(keys.transpose(-2, -1).matmul(v)).div(norm);
    }

    /// <summary>π/2 · i / M of every token on each axis, i from 1: [N, 1] for each of <paramref name="sides"/>.</summary>
    internal static IEnumerable<Tensor> Angles(long tokens, long[] sides, ScalarType type, Device device)
    {
        var stride = tokens;
        foreach (var side in sides)
        {
            stride /= side;
            var inner = stride;
            yield return tensor([.. Enumerable.Range(0, (int)tokens).Select(token => Math.PI / 2 / side * ((token / inner % side) + 1))], [tokens, 1], type, device);
        }
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x)
    {
        var side = Shapes.GridSide(q.size(2));
        return Mix(q, k, v, side, side);
    }
}
