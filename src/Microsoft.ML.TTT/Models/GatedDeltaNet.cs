using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// Gated DeltaNet (arXiv 2412.06464) in both directions along the tokens: a state that fades, and that each token corrects by what it got wrong of the token's value. It is
/// the inner loop of a linear model that steps after every token, with weight decay.
/// </summary>
internal sealed class GatedDeltaNet : Attention
{
    /// <summary>The tokens of a chunk.</summary>
    internal const long Chunk = 64;

    private readonly Dense steps;               // D → 4 H: strengths forwards and backwards, then decays
    private readonly Parameter rates;           // [2·H]: logarithms
    private readonly Parameter rates_bias;      // [2·H]

    internal GatedDeltaNet(MixerShape shape, Random random)
        : base(nameof(GatedDeltaNet), shape, random)
    {
        steps = Dense.Xavier(random, shape.Width, 4 * shape.Heads);
        // A state loses between a thousandth and most of itself from token to token, as the authors begin.
        rates = Parameters.Drawn(random, next => Math.Log(1 + (15 * next.NextDouble())), 2 * shape.Heads);
        rates_bias = Parameters.Drawn(random, next => SoftplusInverse(0.001 * Math.Pow(100, next.NextDouble())), 2 * shape.Heads);
        Complete(random);
    }

    /// <summary>Half of each direction's y_i = S_iᵀ q_i, S ← exp(g_i) S, S ← S + β_i k_i (v_i - Sᵀ k_i)ᵀ.</summary>
    /// <param name="q">The queries, [G, N, K].</param>
    /// <param name="k">The keys, [G, N, K], of length 1.</param>
    /// <param name="v">The values, [G, N, K].</param>
    /// <param name="forwards">β and g of the first direction, [G, N].</param>
    /// <param name="backwards">Of the second.</param>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, (Tensor Strength, Tensor Decay) forwards, (Tensor Strength, Tensor Decay) backwards) =>
        Chunks.BothWays(x => Recur(x[0], x[1], x[2], x[3], x[4]), [q, k, v], [forwards.Strength, forwards.Decay], [backwards.Strength, backwards.Decay]);

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x)
    {
        var (B, N, _) = x.Dims3();
        var H = Shape.Heads;
        var parts = steps.call(x).permute(2, 0, 1);                                                             // [4·H, B, N]
        var strengths = parts.narrow(0, 0, 2 * H).sigmoid().reshape(2, H * B, N).unbind(0);
        var fading = functional.softplus(parts.narrow(0, 2 * H, 2 * H).Add(rates_bias.view(-1, 1, 1)));
        var decays = fading.mul(rates.exp().neg().view(-1, 1, 1)).reshape(2, H * B, N).unbind(0);
        return Mix(Heads.Unit(q).flatten(0, 1), Heads.Unit(k).flatten(0, 1), v.flatten(0, 1), (strengths[0], decays[0]), (strengths[1], decays[1]));
    }

    private protected override Tensor Join(Tensor mixed, Tensor x) => Layers.RootMeanSquare(mixed);

    private static Tensor Recur(Tensor q, Tensor k, Tensor v, Tensor strength, Tensor decay)
    {
        var (queries, keys, values) = (Chunks.Split(q, Chunk), Chunks.Split(k, Chunk), Chunks.Split(v, Chunk));  // [G, n, C, K]
        var sums = Chunks.Split(decay, Chunk).cumsum(2);                                                         // [G, n, C]
        var (decays, all) = (Chunks.Decays(sums, 2), sums.narrow(2, Chunk - 1, 1));
        var (turned, grown) = (keys.transpose(2, 3), sums.exp().unsqueeze(3));
        var own = keys.mul(Chunks.Split(strength, Chunk).unsqueeze(3));                                          // β k
        // What a token corrects depends on what those before it in the chunk have: (I + A) U = β (V - exp(G) K S).
        var system = own.matmul(turned).mul(decays).tril(-1).Add(eye(Chunk, Chunk, q.dtype, q.device));
        var solved = linalg.solve_triangular(system, cat([values.mul(Chunks.Split(strength, Chunk).unsqueeze(3)), own.mul(grown)], 3), upper: false)
            .split([v.size(2), k.size(2)], 3);
        var (corrections, seen) = (solved[0].unbind(1), solved[1].unbind(1));
        var (weights, faded) = (queries.matmul(turned).mul(decays).unbind(1), queries.mul(grown).unbind(1));
        var (kept, lasting) = (keys.mul(all.sub(sums).exp().unsqueeze(3)).transpose(2, 3).unbind(1), all.exp().unsqueeze(3).unbind(1));
        var state = zeros([q.size(0), k.size(2), v.size(2)], q.dtype, q.device);
        var y = new Tensor[corrections.Length];
        for (var chunk = 0; chunk < y.Length; chunk++)
        {
            var correction = corrections[chunk].sub(seen[chunk].bmm(state));                                     // [G, C, K]
            y[chunk] = faded[chunk].bmm(state).Add(weights[chunk].bmm(correction));
            state = state.mul(lasting[chunk]).Add(kept[chunk].bmm(correction));
        }

        return Chunks.Join(y, q.size(1));
    }

    private static double SoftplusInverse(double y) => y + Math.Log(1 - Math.Exp(-y));
}
