using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Linear attention that fades with the distance, as Lightning Attention-2 (arXiv 2401.04658), for tokens of a grid that all see one another: a token counts λ to the power of
/// the steps to it along both axes, with a λ for each head that depends on the block. Few tokens are computed in pairs, many by <see cref="FadingSums"/>.
/// </summary>
internal sealed class LightningAttention : Attention
{
    /// <summary>The most tokens of which all pairs are computed; of more, the sums over the grid are faster and take less memory.</summary>
    internal const long MostPairs = 2048;

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
        q.matmul(k.transpose(2, 3)).mul(Decays(slopes, Shapes.GridSide(q.size(2)), q.dtype, q.device)).matmul(v);

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x)
    {
        var mixed = q.size(2) <= MostPairs ? MixPairs(q, k, v, _slopes) : FadingSums.Call(q, k, v, _slopes);
        return mixed.Mul(1 / Math.Sqrt(q.size(3)));
    }

    private protected override Tensor Join(Tensor mixed, Tensor x) => Layers.RootMeanSquare(mixed);

    // [H, 1, 1, 1].
    private static Tensor OfHeads(double[] slopes, ScalarType type, Device device) => tensor(slopes, type, device).view(-1, 1, 1, 1);
}
