using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>Linear attention: with the identity feature map and the constant normaliser N·K, or with elu + 1.</summary>
internal sealed class LinearAttention : Attention
{
    private readonly bool _elu;

    internal LinearAttention(MixerShape shape, bool elu, Random random)
        : base(nameof(LinearAttention), shape, random)
    {
        _elu = elu;
        Complete(random);
    }

    /// <summary>scale · q (kᵀ v) for each sequence; all tensors are [..., N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, double scale) => q.matmul(k.transpose(-2, -1).matmul(v).Mul(scale));

    /// <summary>f(q) (f(k)ᵀ v) / (f(q) · Σ f(k)) with f = elu + 1 (Katharopoulos et al. 2020); all tensors are [..., N, K].</summary>
    internal static Tensor MixElu(Tensor q, Tensor k, Tensor v)
    {
        var queries = Activations.EluPlusOne(q);
        var keys = Activations.EluPlusOne(k);
        var norm = queries.matmul(keys.sum(-2, true).transpose(-2, -1));                  // [..., N, 1]
        return queries.matmul(keys.transpose(-2, -1).matmul(v)).div(norm.Add(1e-6));
    }

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => _elu ? MixElu(q, k, v) : Mix(q, k, v, 1.0 / (q.size(2) * q.size(3)));
}
