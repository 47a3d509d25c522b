using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>A mixer in which each token asks the others: queries, keys and values are maps of the tokens, [B, N, D] → 3 x [H, B, N, K].</summary>
internal abstract class Attention : Mixer
{
    private protected readonly Parameter qkv, qkv_bias;       // [3, D, D], [3·D]

    private protected Attention(string name, MixerShape shape, Random random)
        : base(name, shape)
    {
        qkv = Parameters.Xavier(random, shape.Width, shape.Width, 3, shape.Width, shape.Width);
        qkv_bias = Parameters.Zeros(3 * shape.Width);
    }

    /// <summary>What the values become; queries, keys, values and the result are [H, B, N, K].</summary>
    /// <param name="q">The queries.</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="x">The tokens, [B, N, D], for what else depends on them.</param>
    private protected abstract Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x);

    /// <summary>What is done with all heads together, [B, N, D] → [B, N, D].</summary>
    private protected virtual Tensor Join(Tensor mixed, Tensor x) => mixed;

    private protected sealed override (Tensor Mixed, Tensor Values) MixTokens(Tensor x)
    {
        var (B, _, D) = x.Dims3();
        var projected = functional.linear(x, qkv.view(3 * D, D), qkv_bias);
        var heads = Heads.Split(projected, 3, D, Shape.Heads);                              // 3 x [H, B, N, K]
        var mixed = Heads.Merge(Mix(heads[0], heads[1], heads[2], x), B, Shape.Heads);
        return (Join(mixed, x), projected.narrow(2, 2 * D, D));
    }
}
