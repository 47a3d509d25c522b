using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Activations = Microsoft.ML.VisionCore.Torch.Activations;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The ViT³ block (arXiv 2512.01643), [B, N, D] → [B, N, D] over a square grid: H heads whose inner model is a gated linear unit,
/// f(k) = (k·W1)·silu(k·W2), and one head of K channels whose inner model is a 3x3 depth-wise convolution. Each learns for one step
/// to agree with the values (a dot-product loss), by a gradient clipped to g / (|g| + 1).
/// </summary>
internal sealed class TttConvGlu : Mixer
{
    // The loss is scaled as if a head were 9 numbers wide, the size of one 3x3 kernel, in both kinds of head.
    internal const double LossScale = 1.0 / 3;

    private readonly Parameter qkv, qkv_bias;               // [3, D, D], [3·D]
    private readonly Parameter conv_qkv, conv_qkv_bias;     // [3, K, D], [3·K]
    private readonly Parameter start_glu;                   // W1 | W2, [H, K, 2·K]
    private readonly Parameter start_conv;                  // [K, 1, 3, 3]
    private readonly double _stepSize;

    internal TttConvGlu(MixerShape shape, Random random)
        : base(nameof(TttConvGlu), shape)
    {
        long width = shape.Width, K = shape.HeadWidth;
        qkv = Parameters.Xavier(random, width, width, 3, width, width);
        qkv_bias = Parameters.Zeros(3 * width);
        conv_qkv = Parameters.Uniform(random, Math.Sqrt(3.0 / width), 3, K, width);
        conv_qkv_bias = Parameters.Zeros(3 * K);
        start_glu = Parameters.TruncatedNormal(random, 0.02, shape.Heads, K, 2 * K);
        start_conv = Parameters.TruncatedNormal(random, 0.02, K, 1, 3, 3);
        _stepSize = shape.Inner.StepSize;
        Complete(random, mixedWidth: width + K);
    }

    // What is mixed is D + K wide, and so are the values.
    private protected override (Tensor Mixed, Tensor Values) MixTokens(Tensor x)
    {
        var (B, N, D) = x.Dims3();
        var K = Shape.HeadWidth;
        var (projected, heads, grids) = Project(x);
        var mixed = Glu(heads[0], heads[1], heads[2], start_glu, _stepSize);
        var convolved = Conv(grids[0], grids[1], grids[2], start_conv, _stepSize).view(B, K, N).transpose(1, 2);
        return (cat([Heads.Merge(mixed, B, Shape.Heads), convolved], 2), cat([projected.narrow(2, 2 * D, D), projected.narrow(2, (3 * D) + (2 * K), K)], 2));
    }

    // The gated heads, and last the convolution: a token's share of -Σ f(k)·v.
    private protected override Tensor LossOfSteps(Tensor x)
    {
        var (B, N, _) = x.Dims3();
        var (_, heads, grids) = Project(x);
        var (H, K) = (Shape.Heads, Shape.HeadWidth);
        return stack([
            Loss(GluAt(heads[1], start_glu), ConvAt(grids[1], start_conv.unsqueeze(0).expand(B, K, 1, 3, 3))),
            Loss(GluAt(heads[1], GluStep(heads[1], heads[2], start_glu, _stepSize)), ConvAt(grids[1], ConvStep(grids[1], grids[2], start_conv, _stepSize)))]);

        Tensor Loss(Tensor glu, Tensor conv) => cat([Agreement(glu.view(H, B, N, K), heads[2], 3), Agreement(conv.view(1, B, K, N), grids[2].view(1, B, K, N), 2)], 0);

        static Tensor Agreement(Tensor outputs, Tensor values, long axis) => outputs.mul(values).sum([axis]).Mul(-LossScale);
    }

    // What x is mapped to, the q, k and v of the gated heads, 3 x [H, B, N, K], and those of the convolution, 3 x [B, K, S, S].
    private (Tensor Projected, Tensor[] Heads, Tensor[] Grids) Project(Tensor x)
    {
        var (B, N, D) = x.Dims3();
        long K = Shape.HeadWidth, side = Shapes.GridSide(N);
        var projected = functional.linear(x, cat([qkv.view(3 * D, D), conv_qkv.view(3 * K, D)], 0), cat([qkv_bias, conv_qkv_bias], 0));
        return (projected, Heads.Split(projected, 3, D, Shape.Heads),
            projected.narrow(2, 3 * D, 3 * K).view(B, side, side, 3, K).permute(3, 0, 4, 1, 2).contiguous().unbind(0));
    }

    /// <summary>The gated heads; q, k, v and the result are [H, B, N, K], <paramref name="start"/> is [H, K, 2·K].</summary>
    internal static Tensor Glu(Tensor q, Tensor k, Tensor v, Tensor start, double stepSize) => GluAt(q, GluStep(k, v, start, stepSize));

    /// <summary>The convolution head; q, k, v and the result are [B, K, S, S], <paramref name="start"/> is [K, 1, 3, 3].</summary>
    internal static Tensor Conv(Tensor q, Tensor k, Tensor v, Tensor start, double stepSize) => ConvAt(q, ConvStep(k, v, start, stepSize));

    // The weights after the step, [H·B, K, 2·K].
    private static Tensor GluStep(Tensor k, Tensor v, Tensor start, double stepSize)
    {
        var (H, B, N, K) = k.Dims4("keys");
        var z = MatrixProduct.Of(Heads.Group(k, H), start).view(H * B, N, 2 * K).split([K, K], 2);
        var (gate, slope) = Activations.SiluAndSlope(z[1]);
        var e = Heads.Group(v, H * B).Mul(-LossScale / N);                                  // d loss / d output, [H·B, N, K]
        var d = cat([e.mul(gate), e.mul(z[0]).mul(slope)], 2);
        var step = Clip(MatrixProduct.Of(Heads.Group(k, H * B).transpose(1, 2), d), 1).Mul(stepSize);     // [H·B, K, 2·K]
        return start.unsqueeze(1).sub(step.view(H, B, K, 2 * K)).view(H * B, K, 2 * K);
    }

    // [H, B, N, K], with weights [H, K, 2·K] for all images or [H·B, K, 2·K].
    private static Tensor GluAt(Tensor rows, Tensor weights)
    {
        var y = MatrixProduct.Of(Heads.Group(rows, weights.size(0)), weights).split([rows.size(3), rows.size(3)], 2);
        return y[0].mul(y[1].silu());
    }

    // The kernels after the step, [B, K, 1, 3, 3].
    private static Tensor ConvStep(Tensor k, Tensor v, Tensor start, double stepSize)
    {
        var (B, K, S, _) = k.Dims4("keys");
        var e = v.Mul(-LossScale / (S * S)).view(B * K, 1, S, S);
        var gradient = functional.conv2d(k.view(1, B * K, S, S), e, null, [1, 1], [1, 1], null, B * K).view(B * K, 9);
        return start.unsqueeze(0).sub(Clip(gradient, 1).Mul(stepSize).view(B, K, 1, 3, 3));
    }

    // [B, K, S, S], with kernels [B, K, 1, 3, 3].
    private static Tensor ConvAt(Tensor grid, Tensor kernels)
    {
        var (B, K, S, _) = grid.Dims4("grid");
        return functional.conv2d(grid.view(1, B * K, S, S), kernels.reshape(B * K, 1, 3, 3), null, [1, 1], [1, 1], null, B * K).view(B, K, S, S);
    }

    private static Tensor Clip(Tensor gradient, int axis) => gradient.div(gradient.norm(axis, true).Add(1));
}
