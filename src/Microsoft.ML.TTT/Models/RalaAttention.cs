using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>Rank-augmented linear attention (RALA, arXiv 2411.07635): keys weigh as much as the mean query asks for them, and a map of the token multiplies what it gets.</summary>
internal sealed class RalaAttention : Attention
{
    private readonly Dense modulation;

    internal RalaAttention(MixerShape shape, Random random)
        : base(nameof(RalaAttention), shape, random)
    {
        modulation = Dense.Xavier(random, shape.Width, shape.Width);
        Complete(random);
    }

    /// <summary>
    /// f(q) (k'ᵀ v / N) / (f(q)·mean(k') + 1e-6) with f = elu + 1 and k'_j = N softmax_j(mean f(q) · f(k_j) / sqrt(K)) f(k_j); all tensors are [..., N, K].
    /// </summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v)
    {
        var (queries, keys, N) = (Activations.EluPlusOne(q), Activations.EluPlusOne(k), q.size(-2));
        var asked = queries.mean([-2], keepdim: true).transpose(-2, -1);                           // [..., K, 1]
        var share = keys.matmul(asked).Mul(1 / Math.Sqrt(q.size(-1))).softmax(-2).Mul(N);         // [..., N, 1]
        var weighed = keys.mul(share);
        var norm = queries.matmul(weighed.mean([-2], keepdim: true).transpose(-2, -1)).Add(1e-6);
        return LinearAttention.Mix(queries, weighed, v, 1.0 / N).div(norm);
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => Mix(q, k, v);

    private protected override Tensor Join(Tensor mixed, Tensor x) => mixed.mul(modulation.call(x));
}
