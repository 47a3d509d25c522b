using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>The token mixers in a graph, [N, T, D] → [N, T, D].</summary>
internal static class OnnxMixers
{
    public static OnnxValue Mix(OnnxValue x, ModelShape shape, int block, OnnxGrid grid, OnnxWeights weights)
    {
        var inner = shape.InnerOf(block);
        return shape.MixerOf(block) switch
        {
            TokenMixer.SoftmaxAttention => Attention(x, grid, weights, (q, k, v) => Softmax(q, k, v, 1 / Math.Sqrt(grid.HeadWidth))),
            TokenMixer.LinearAttention => Attention(x, grid, weights, (q, k, v) => Linear(q, k, v, 1.0 / (grid.Tokens * grid.HeadWidth))),
            TokenMixer.LinearAttentionElu => Attention(x, grid, weights, LinearElu),
            TokenMixer.TttLinear or TokenMixer.TttMlp => new OnnxInnerLoop(shape.MixerOf(block), inner, grid, weights).Mix(x),
            TokenMixer.ViT3 => new OnnxViT3(inner.StepSize, grid, weights).Mix(x),
            var mixer => throw new NotSupportedException($"The token mixer {mixer} cannot be written as an ONNX graph."),
        };
    }

    private static OnnxValue Attention(OnnxValue x, OnnxGrid grid, OnnxWeights weights, Func<OnnxValue, OnnxValue, OnnxValue, OnnxValue> mix)
    {
        var heads = grid.Split(weights.Dense(x, weights.Rows("qkv"), weights.Tensor("qkv_bias")), 3);      // 3 x [N, H, T, K]
        return weights.In("output").Dense(grid.Merge(mix(heads[0], heads[1], heads[2])));
    }

    private static OnnxValue Softmax(OnnxValue q, OnnxValue k, OnnxValue v, double scale) =>
        (q * scale).MatMul(k.Permute(0, 1, 3, 2)).Softmax(-1).MatMul(v);

    private static OnnxValue Linear(OnnxValue q, OnnxValue k, OnnxValue v, double scale) => q.MatMul(k.Permute(0, 1, 3, 2).MatMul(v) * scale);

    private static OnnxValue LinearElu(OnnxValue q, OnnxValue k, OnnxValue v)
    {
        var (queries, keys) = (q.Elu() + 1, k.Elu() + 1);
        var norm = queries.MatMul(keys.Sum(2).Permute(0, 1, 3, 2));                                     // [N, H, T, 1]
        return queries.MatMul(keys.Permute(0, 1, 3, 2).MatMul(v)) / (norm + 1e-6);
    }
}
