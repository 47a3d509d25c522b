using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Gated linear attention in both directions along the tokens, as ViG has it for images (arXiv 2405.18425): a state of which each row fades by a gate of its own.
/// With <see cref="LocalMixing.BeforeProjection"/> it is ViG's block. Keys are half as wide as values.
/// </summary>
internal sealed class GatedLinearAttention : Mixer
{
    /// <summary>The tokens of a chunk.</summary>
    internal const long Chunk = 16;

    private const long Rank = 16;
    private const double Slowness = 16;

    private readonly Parameter keys, keys_bias;         // queries | keys, [D, D], [D]
    private readonly Dense values;                      // D → D
    private readonly Parameter fading_down;             // [16, D]
    private readonly Dense fading;                      // 16 → D, forwards | backwards
    private readonly Dense blend;                       // D → D

    internal GatedLinearAttention(MixerShape shape, Random random)
        : base(nameof(GatedLinearAttention), shape)
    {
        keys = Parameters.Uniform(random, Math.Sqrt(3.0 / shape.Width), shape.Width, shape.Width);
        keys_bias = Parameters.Zeros(shape.Width);
        values = Dense.Xavier(random, shape.Width, shape.Width);
        fading_down = Parameters.Xavier(random, shape.Width, Rank, Rank, shape.Width);
        fading = Dense.Xavier(random, Rank, shape.Width);
        blend = Dense.Xavier(random, shape.Width, shape.Width);
        Complete(random);
    }

    private protected override (Tensor Mixed, Tensor Values) MixTokens(Tensor x)
    {
        var (B, H, half) = (x.size(0), Shape.Heads, Shape.Width / 2);
        var asked = Heads.Split(functional.linear(x, keys, keys_bias), 2, half, H);                              // 2 x [H, B, N, K/2]
        var gates = Heads.Split(functional.logsigmoid(fading.call(functional.linear(x, fading_down))).Div(Slowness), 2, half, H);
        var value = values.call(x);
        var rows = new[] { asked[0], asked[1], Heads.Split(value, 1, Shape.Width, H)[0], gates[0], gates[1] }.Select(tensor => tensor.flatten(0, 1)).ToArray();
        var mixed = Heads.Merge(Mix(rows[0], rows[1], rows[2], rows[3], rows[4]), B, H);
        var share = blend.call(x).sigmoid();
        return (share.mul(Layers.RootMeanSquare(mixed)).Add(share.neg().Add(1).mul(Layers.RootMeanSquare(x))), value);
    }

    /// <summary>Σ_j c_ij (Σ_d q_id k_jd D_ijd) v_j / sqrt(K'), D the product of the gates from one token to the other; c is 1 where they are one, and ½ elsewhere.</summary>
    /// <param name="q">The queries, [G, N, K'].</param>
    /// <param name="k">The keys, [G, N, K'].</param>
    /// <param name="v">The values, [G, N, K].</param>
    /// <param name="forwards">Logarithms of the gates from the token before, [G, N, K'].</param>
    /// <param name="backwards">Of those from the token after.</param>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor forwards, Tensor backwards) =>
        Chunks.BothWays(x => Recur(x[0], x[1], x[2], x[3]), [q.Mul(1 / Math.Sqrt(q.size(2))), k, v], [forwards], [backwards]);

    // S ← diag(exp g) S + k vᵀ, y = Sᵀ q.
    private static Tensor Recur(Tensor q, Tensor k, Tensor v, Tensor g)
    {
        var (queries, keys, values) = (Chunks.Split(q, Chunk), Chunks.Split(k, Chunk), Chunks.Split(v, Chunk));  // [G, n, C, .]
        var sums = Chunks.Split(g, Chunk).cumsum(2);
        var all = sums.narrow(2, Chunk - 1, 1);                                                                  // [G, n, 1, K']
        var weights = queries.unsqueeze(3).mul(keys.unsqueeze(2)).mul(Chunks.Decays(sums, 2)).sum(4);            // [G, n, C, C]
        var (within, faded) = (weights.matmul(values).unbind(1), queries.mul(sums.exp()).unbind(1));
        var (added, lasting) = (keys.mul(all.sub(sums).exp()).transpose(2, 3).matmul(values).unbind(1), all.exp().transpose(2, 3).unbind(1));
        var state = zeros_like(added[0]);                                                                        // [G, K', K]
        var y = new Tensor[within.Length];
        for (var chunk = 0; chunk < y.Length; chunk++)
        {
            y[chunk] = within[chunk].Add(faded[chunk].bmm(state));
            state = state.mul(lasting[chunk]).Add(added[chunk]);
        }

        return Chunks.Join(y, q.size(1));
    }
}
