using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>
/// The ViT³ block in a graph; see <see cref="Models.TttConvGlu"/>. A graph has no convolution whose kernels differ from image to image, so that of the
/// convolution head is a product of the kernels with the nine pixels under each.
/// </summary>
/// <param name="stepSize">The inner step size.</param>
/// <param name="grid">The layout of the tokens.</param>
/// <param name="weights">The weights of the mixer.</param>
internal sealed class OnnxViT3(double stepSize, OnnxGrid grid, OnnxWeights weights)
{
    private const double LossScale = Models.TttConvGlu.LossScale;

    /// <summary>[N, T, D] → [N, T, D + K], with the values.</summary>
    public (OnnxValue Mixed, OnnxValue Values) Mix(OnnxValue x)
    {
        var (D, K) = (grid.Heads * grid.HeadWidth, grid.HeadWidth);
        var projected = weights.Dense(x, weights.Rows("qkv"), weights.Tensor("qkv_bias"));
        var heads = grid.Split(projected, 3);                                                                          // 3 x [N, H, T, K]
        var gated = grid.Merge(Glu(heads[0], heads[1], heads[2]));
        var conv = weights.Dense(x, weights.Rows("conv_qkv"), weights.Tensor("conv_qkv_bias"));
        var maps = conv.Reshape(0, grid.Tokens, 3, grid.HeadWidth).Permute(2, 0, 3, 1);                                            // [3, N, K, T]
        var convolved = Conv(maps.Select(0, 0), maps.Select(0, 1), maps.Select(0, 2)).Permute(0, 2, 1);                 // [N, T, K]
        return (OnnxValue.Cat(2, gated, convolved), OnnxValue.Cat(2, projected.Narrow(2, 2 * D, D), conv.Narrow(2, 2 * K, K)));
    }

    // All [N, H, T, K].
    private OnnxValue Glu(OnnxValue q, OnnxValue k, OnnxValue v)
    {
        int K = grid.HeadWidth;
        var start = weights.Constant(weights.Tensor("start_glu").unsqueeze(0));                                         // [1, H, K, 2·K]
        var z = k.MatMul(start);
        var (gate, slope) = OnnxActivations.SiluAndSlope(z.Narrow(3, K, K));
        var e = v * (-LossScale / grid.Tokens);
        var d = OnnxValue.Cat(3, e * gate, e * z.Narrow(3, 0, K) * slope);
        var learned = start - Clip(k.Permute(0, 1, 3, 2).MatMul(d)) * stepSize;                                         // [N, H, K, 2·K]
        var y = q.MatMul(learned);
        return y.Narrow(3, 0, K) * OnnxActivations.SiluAndSlope(y.Narrow(3, K, K)).Value;
    }

    // All [N, K, T].
    private OnnxValue Conv(OnnxValue q, OnnxValue k, OnnxValue v)
    {
        int K = grid.HeadWidth;
        var e = (v * (-LossScale / grid.Tokens)).Reshape(0, K, grid.Tokens, 1);
        var start = weights.Constant(weights.Tensor("start_conv").view(1, K, 9, 1));
        var learned = start - Clip(Patches(k).MatMul(e)) * stepSize;                                                    // [N, K, 9, 1]
        return learned.Permute(0, 1, 3, 2).MatMul(Patches(q)).Reshape(0, K, grid.Tokens);
    }

    // [N, K, T] → the nine pixels under each kernel, row by row, [N, K, 9, T].
    private OnnxValue Patches(OnnxValue maps)
    {
        int S = grid.Side;
        var padded = maps.Reshape(0, grid.HeadWidth, S, S).Pad();
        var shifts = Enumerable.Range(0, 9).Select(i => padded.Narrow(2, i / 3, S).Narrow(3, i % 3, S).Reshape(0, grid.HeadWidth, 1, grid.Tokens));
        return OnnxValue.Cat(2, [.. shifts]);
    }

    // A gradient [N, ., a, b] by its norm over axis a.
    private static OnnxValue Clip(OnnxValue gradient) => gradient / (gradient.Norm(2) + 1);
}
