using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The Mesa layer (arXiv 2309.05858), for tokens that all see one another: a linear inner model that has learned to the end, by one solve rather than by steps. It is where
/// the inner loop of <see cref="TttMixer"/> goes with many steps and weight decay; there is no inner rate, and nothing that could diverge.
/// </summary>
internal sealed class MesaAttention : Attention
{
    /// <summary>The least regularisation.</summary>
    internal const double LeastRidge = 0.25;

    private readonly Dense strength;        // D → H
    private readonly Parameter ridge;       // [H, K]

    internal MesaAttention(MixerShape shape, Random random)
        : base(nameof(MesaAttention), shape, random)
    {
        strength = Dense.Xavier(random, shape.Width, shape.Heads);
        ridge = Parameters.Zeros(shape.Heads, shape.HeadWidth);
        Complete(random);
    }

    /// <summary>q W, W = (kᵀ diag(β) k + diag(Λ))⁻¹ kᵀ diag(β) v: the least of Σ_j β_j |Wᵀ k_j - v_j|² + Σ_c Λ_c |W_c|². Solved in float64.</summary>
    /// <param name="q">The queries, [..., N, K].</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="strengths">β, [..., N, 1], above 0.</param>
    /// <param name="ridges">Λ, [..., 1, K], above 0.</param>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor strengths, Tensor ridges)
    {
        var weighed = k.mul(strengths).transpose(-2, -1);                                           // [..., K, N]
        var gram = weighed.matmul(k).to(float64).Add(ridges.squeeze(-2).to(float64).diag_embed());
        return q.matmul(linalg.solve(gram, weighed.matmul(v).to(float64)).to(q.dtype));
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x)
    {
        var strengths = strength.call(x).sigmoid().permute(2, 0, 1).unsqueeze(3);                  // [H, B, N, 1]
        var ridges = functional.softplus(ridge).Add(LeastRidge).view(Shape.Heads, 1, 1, -1);
        return Mix(Heads.Unit(q), Heads.Unit(k), v, strengths, ridges);
    }

    private protected override Tensor Join(Tensor mixed, Tensor x) => Layers.RootMeanSquare(mixed);
}
