using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Models;

/// <summary>InLine attention (arXiv 2412.06590): linear attention whose weights are made to sum to one by subtraction, so that different queries never see the same.</summary>
internal sealed class InLineAttention : Attention
{
    internal InLineAttention(MixerShape shape, Random random)
        : base(nameof(InLineAttention), shape, random) => Complete(random);

    /// <summary>Σ_j (q_i·k_j - mean_j(q_i·k_j) + 1/N) v_j, products times <paramref name="scale"/>; all tensors are [..., N, K].</summary>
    internal static Tensor Mix(Tensor q, Tensor k, Tensor v, double scale) =>
        // What the mean takes away is taken from the keys.
        LinearAttention.Mix(q, k.sub(k.mean([-2], keepdim: true)), v, scale).Add(v.mean([-2], keepdim: true));

    private protected override Tensor Mix(Tensor q, Tensor k, Tensor v, Tensor x) => Mix(q, k, v, 1 / (q.size(2) * Math.Sqrt(q.size(3))));
}
