using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Softmax self-attention, [B, N, D] → [B, N, D]. The mixer that the others are compared with.</summary>
internal sealed class SoftmaxAttention : Module<Tensor, Tensor>
{
    private readonly Parameter qkv, qkv_bias;       // [3, D, D], [3·D]
    private readonly Dense output;
    private readonly long _heads;

    internal SoftmaxAttention(long width, long heads, Random random)
        : base(nameof(SoftmaxAttention))
    {
        qkv = Parameters.Xavier(random, width, width, 3, width, width);
        qkv_bias = Parameters.Zeros(3 * width);
        output = Dense.Xavier(random, width, width);
        _heads = heads;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (B, N, D) = x.Dims3();
        var heads = Heads.Split(functional.linear(x, qkv.view(3 * D, D), qkv_bias), 3, D, _heads);    // 3 x [H, B, N, K]
        return output.call(Heads.Merge(Mix(heads[0], heads[1], heads[2]), B, _heads)).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q kᵀ / sqrt(K)) v for each sequence; all arguments and the result are [..., N, K]. The scores are never held whole.</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v) => functional.scaled_dot_product_attention(q, k, v);
}
