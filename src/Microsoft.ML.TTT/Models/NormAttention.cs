using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using Activations = Microsoft.ML.VisionCore.Torch.Activations;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// TransNormer's attention without a denominator (arXiv 2210.10340): the root mean square over the whole width takes its place, and a gate silu(x U) follows. TransNormer has
/// <see cref="DiagonalAttention"/> in the first half of its blocks and this in the second.
/// </summary>
internal sealed class NormAttention : Attention
{
    private readonly Dense output_gate;

    internal NormAttention(MixerShape shape, Random random)
        : base(nameof(NormAttention), shape, random)
    {
        output_gate = Dense.Xavier(random, shape.Width, shape.Width);
        Complete(random);
    }

    /// <summary>f(q) (f(k)ᵀ v) / N with f = elu + 1; all tensors are [..., N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v) =>
        LinearAttention.Mix(Activations.EluPlusOne(q), Activations.EluPlusOne(k), v, 1.0 / q.size(-2));

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => Mix(q, k, v);

    private protected override Tensor Join(Tensor mixed, Tensor x) => Layers.RootMeanSquare(mixed).mul(output_gate.call(x).silu());
}
