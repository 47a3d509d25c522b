using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>The token mixers in a graph, [N, T, D] → [N, T, D].</summary>
internal static class OnnxMixers
{
    // A constant for every pair and head is in the file.
    private const long MostPairs = 1024;

    /// <exception cref="NotSupportedException">A graph cannot have the mixer.</exception>
    public static OnnxValue Mix(OnnxValue x, ModelShape shape, int block, OnnxGrid grid, OnnxWeights weights)
    {
        x = shape.LocalMixing == LocalMixing.BeforeProjection ? OnnxActivations.SiluAndSlope(Convolve(x, grid, weights.In("local"), padding: 1)).Value : x;
        var (mixed, values) = MixTokens(x, shape, block, grid, weights);
        mixed = shape.LocalMixing == LocalMixing.OnValues ? mixed + Convolve(values, grid, weights.In("local"), padding: 2) : mixed;
        return weights.In("output").Dense(shape.OutputGate ? mixed * weights.In("gate").Dense(x).Sigmoid() : mixed);
    }

    private static (OnnxValue Mixed, OnnxValue Values) MixTokens(OnnxValue x, ModelShape shape, int block, OnnxGrid grid, OnnxWeights weights)
    {
        var inner = shape.InnerOf(block);
        return shape.MixerOf(block) switch
        {
            TokenMixer.SoftmaxAttention => Attention(x, grid, weights, (q, k, v) => Softmax(q, k, v, 1 / Math.Sqrt(grid.HeadWidth))),
            TokenMixer.LinearAttention => Attention(x, grid, weights, (q, k, v) => Linear(q, k, v, 1.0 / (grid.Tokens * grid.HeadWidth))),
            TokenMixer.LinearAttentionElu => Attention(x, grid, weights, LinearElu),
            TokenMixer.TttLinear or TokenMixer.TttMlp => (new OnnxInnerLoop(shape.MixerOf(block), inner, grid, weights).Mix(x), x),
            TokenMixer.ViT3 => new OnnxViT3(inner.StepSize, grid, weights).Mix(x),
            TokenMixer.CosFormer => Attention(x, grid, weights, (q, k, v) => CosFormer(q, k, v, grid, weights)),
            TokenMixer.NormAttention => Attention(x, grid, weights, (q, k, v) => Linear(q.Elu() + 1, k.Elu() + 1, v, 1.0 / grid.Tokens),
                mixed => RootMeanSquare(mixed) * OnnxActivations.SiluAndSlope(weights.In("output_gate").Dense(x)).Value),
            TokenMixer.DiagonalAttention => Attention(x, grid, weights, (q, k, v) => Diagonal(q, k, v, grid, weights)),
            TokenMixer.LightningAttention when grid.Tokens <= MostPairs => Attention(x, grid, weights, (q, k, v) =>
                (q.MatMul(Transposed(k)) * Decays(shape.MixerShapeOf(block), grid, weights)).MatMul(v) * (1 / Math.Sqrt(grid.HeadWidth)), RootMeanSquare),
            TokenMixer.RalaAttention => Attention(x, grid, weights, (q, k, v) => Rala(q, k, v, grid), mixed => mixed * weights.In("modulation").Dense(x)),
            TokenMixer.InLineAttention => Attention(x, grid, weights, (q, k, v) =>
                Linear(q, k - k.Mean(2, keepdim: true), v, 1 / (grid.Tokens * Math.Sqrt(grid.HeadWidth))) + v.Mean(2, keepdim: true)),
            TokenMixer.LightningAttention => throw new NotSupportedException(
                $"The token mixer LightningAttention can be written as an ONNX graph for at most {MostPairs} tokens; an image has {grid.Tokens}."),
            TokenMixer.Mesa => throw new NotSupportedException("The token mixer Mesa cannot be written as an ONNX graph: it solves linear equations, for which a graph has no operation."),
            var mixer => throw new NotSupportedException($"The token mixer {mixer} cannot be written as an ONNX graph: it goes from token to token, which would be a loop of as many steps."),
        };
    }

    private static (OnnxValue Mixed, OnnxValue Values) Attention(OnnxValue x, OnnxGrid grid, OnnxWeights weights, Func<OnnxValue, OnnxValue, OnnxValue, OnnxValue> mix,
        Func<OnnxValue, OnnxValue>? join = null)
    {
        var projected = weights.Dense(x, weights.Rows("qkv"), weights.Tensor("qkv_bias"));
        var heads = grid.Split(projected, 3);                                                           // 3 x [N, H, T, K]
        var mixed = grid.Merge(mix(heads[0], heads[1], heads[2]));
        var width = grid.Heads * grid.HeadWidth;
        return (join is null ? mixed : join(mixed), projected.Narrow(2, 2 * width, width));
    }

    private static OnnxValue Convolve(OnnxValue tokens, OnnxGrid grid, OnnxWeights local, int padding) =>
        grid.ToTokens(grid.FromTokens(tokens).Conv(local["weight"], local["bias"], padding: padding, groups: (int)local.Tensor("weight").size(0)));

    private static OnnxValue Transposed(OnnxValue value) => value.Permute(0, 1, 3, 2);

    private static OnnxValue RootMeanSquare(OnnxValue x) => x * ((x * x).Mean(-1, keepdim: true) + Layers.NormEpsilon).Rsqrt();

    private static OnnxValue CosFormer(OnnxValue q, OnnxValue k, OnnxValue v, OnnxGrid grid, OnnxWeights weights)
    {
        var (queries, keys) = (q.Relu(), k.Relu());
        foreach (var angle in Models.CosFormer.Angles(grid.Tokens, [grid.Side, grid.Side], float32, CPU))
        {
            var (sin, cos) = (weights.Constant(angle.sin()), weights.Constant(angle.cos()));
            (queries, keys) = (OnnxValue.Cat(3, queries * sin, queries * cos), OnnxValue.Cat(3, keys * sin, keys * cos));
        }

        return Linear(queries, keys, v, 1) / queries.MatMul(Transposed(keys.Sum(2))).ClampMin(Models.CosFormer.Least);
    }

    // Attention among all, where only those of a window count.
    private static OnnxValue Diagonal(OnnxValue q, OnnxValue k, OnnxValue v, OnnxGrid grid, OnnxWeights weights) =>
        ((q * (1 / Math.Sqrt(grid.HeadWidth))).MatMul(Transposed(k)) + weights.Constant(DiagonalAttention.Mask(grid.Side, DiagonalAttention.Window))).Softmax(-1).MatMul(v);

    private static OnnxValue Decays(MixerShape shape, OnnxGrid grid, OnnxWeights weights) =>
        weights.Constant(LightningAttention.Decays(LightningAttention.Slopes(shape), grid.Side, float32, CPU).transpose(0, 1));

    private static OnnxValue Rala(OnnxValue q, OnnxValue k, OnnxValue v, OnnxGrid grid)
    {
        var (queries, keys) = (q.Elu() + 1, k.Elu() + 1);
        var share = (keys.MatMul(Transposed(queries.Mean(2, keepdim: true))) * (1 / Math.Sqrt(grid.HeadWidth))).Softmax(2) * grid.Tokens;
        var weighed = keys * share;
        return Linear(queries, weighed, v, 1.0 / grid.Tokens) / (queries.MatMul(Transposed(weighed.Mean(2, keepdim: true))) + 1e-6);
    }

    private static OnnxValue Softmax(OnnxValue q, OnnxValue k, OnnxValue v, double scale) =>
        (q * scale).MatMul(Transposed(k)).Softmax(-1).MatMul(v);

    private static OnnxValue Linear(OnnxValue q, OnnxValue k, OnnxValue v, double scale) => q.MatMul(Transposed(k).MatMul(v) * scale);

    private static OnnxValue LinearElu(OnnxValue q, OnnxValue k, OnnxValue v)
    {
        var (queries, keys) = (q.Elu() + 1, k.Elu() + 1);
        var norm = queries.MatMul(keys.Sum(2).Permute(0, 1, 3, 2));                                     // [N, H, T, 1]
        return queries.MatMul(keys.Permute(0, 1, 3, 2).MatMul(v)) / (norm + 1e-6);
    }
}
