using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>Linear attention, [B, N, D] → [B, N, D]: with the identity feature map and the constant normaliser N·K, or with elu + 1.</summary>
internal sealed class LinearAttention : Module<Tensor, Tensor>
{
    private readonly Parameter qkv, qkv_bias;       // [3, D, D], [3·D]
    private readonly Dense output;
    private readonly long _heads;
    private readonly bool _elu;

    internal LinearAttention(long width, long heads, bool elu, Random random)
        : base(nameof(LinearAttention))
    {
        qkv = Parameters.Xavier(random, width, width, 3, width, width);
        qkv_bias = Parameters.Zeros(3 * width);
        output = Dense.Xavier(random, width, width);
        _heads = heads;
        _elu = elu;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (B, N, D) = x.Dims3();
        var heads = Heads.Split(functional.linear(x, qkv.view(3 * D, D), qkv_bias), 3, D, _heads);    // 3 x [H, B, N, K]
        var (q, k, v) = (Heads.Group(heads[0], _heads * B), Heads.Group(heads[1], _heads * B), Heads.Group(heads[2], _heads * B));
        var mixed = _elu ? MixElu(q, k, v) : Mix(q, k, v, 1.0 / (N * (D / _heads)));
        return output.call(Heads.Merge(mixed, B, _heads)).MoveToOuterDisposeScope();
    }

    /// <summary>scale · q (kᵀ v) for each of G sequences; all tensors are [G, N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, double scale) => q.bmm(k.transpose(1, 2).bmm(v).Mul(scale));

    /// <summary>f(q) (f(k)ᵀ v) / (f(q) · Σ f(k)) with f = elu + 1 (Katharopoulos et al. 2020); all tensors are [G, N, K].</summary>
    internal static Tensor MixElu(Tensor q, Tensor k, Tensor v)
    {
        var queries = EluPlusOne(q);
        var keys = EluPlusOne(k);
        var norm = queries.bmm(keys.sum(1, true).transpose(1, 2));              // [G, N, 1]
        return queries.bmm(keys.transpose(1, 2).bmm(v)).div(norm.Add(1e-6));
    }

    // exp(x) up to 0, x + 1 from there on.
    private static Tensor EluPlusOne(Tensor x)
    {
        var positive = x.relu();
        return x.sub(positive).exp().Add(positive);
    }
}
