using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Softmax self-attention. The mixer that the others are compared with.</summary>
internal sealed class SoftmaxAttention : Attention
{
    internal SoftmaxAttention(MixerShape shape, Random random)
        : base(nameof(SoftmaxAttention), shape, random) => Complete(random);

    /// <summary>softmax(q kᵀ / sqrt(K)) v for each sequence; all arguments and the result are [..., N, K]. The scores are never held whole.</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v) => functional.scaled_dot_product_attention(q, k, v);

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => Mix(q, k, v);
}
