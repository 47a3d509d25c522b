using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Onnx;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>
/// MTTT-Linear and MTTT-MLP in a graph: the closed form of every inner step, which is ordinary operators. Values are [N, H, T, K]; weights that no
/// step has changed yet are [1, H, ...] and are broadcast over the images.
/// </summary>
internal sealed class OnnxInnerLoop
{
    private readonly InnerLearning _inner;
    private readonly OnnxGrid _grid;
    private readonly OnnxWeights _weights, _task;
    private readonly Weights? _start;               // null is a linear model that is all zero

    public OnnxInnerLoop(TokenMixer mixer, InnerLearning inner, OnnxGrid grid, OnnxWeights weights)
    {
        (_inner, _grid, _weights, _task) = (inner, grid, weights, weights.In("task"));
        _start = mixer == TokenMixer.TttMlp
            ? new Weights(Shared("start_weight1"), Shared("start_bias1"), Shared("start_weight2"), Shared("start_bias2"))
            : weights.Find("start") is null ? null : new Weights(Shared("start"));
    }

    /// <summary>[N, T, D] → [N, T, D].</summary>
    public OnnxValue Mix(OnnxValue x)
    {
        var train = View(x, "train_view");
        var gradient = OnnxReconstruction.Create(x, _grid, _task);
        Weights? weights = _start;
        foreach (var batch in InnerLoop.Batches(_grid.Tokens, _inner))
        {
            var (rows, part) = batch is null ? (train, gradient) : (train.IndexSelect(2, batch), gradient.Select(batch));
            double scale = _inner.StepSize / ((batch?.Length ?? _grid.Tokens) * _grid.HeadWidth);
            weights = weights is { } current
                ? Step(current, rows, part, scale)
                : new Weights(Transposed(rows).MatMul(part.PullFromZero) * scale);
        }

        return _grid.Merge(Apply(weights!.Value, View(x, "test_view")));
    }

    // See InnerLoop, whose formulas these are.
    private Weights Step(Weights weights, OnnxValue rows, OnnxReconstruction gradient, double scale)
    {
        if (weights is not { B1: { } B1, W2: { } W2, B2: { } B2 })
        {
            return new Weights(weights.W1 - Transposed(rows).MatMul(gradient.At(rows.MatMul(weights.W1), scale)));
        }

        var z1 = rows.MatMul(weights.W1) + B1;                                          // [N, H, T, M]
        var (a, slope) = OnnxActivations.TanhGeluAndSlope(z1);
        var dZ = gradient.At(a.MatMul(W2) + B2, scale);                                 // [N, H, T, K]
        var stepped = weights with { W2 = W2 - Transposed(a).MatMul(dZ), B2 = B2 - dZ.Sum(2) };
        if (_inner.LastLayerOnly)
        {
            return stepped;
        }

        var d1 = dZ.MatMul(Transposed(W2)) * slope();                                   // [N, H, T, M]
        return stepped with { W1 = weights.W1 - Transposed(rows).MatMul(d1), B1 = B1 - d1.Sum(2) };
    }

    private static OnnxValue Apply(Weights weights, OnnxValue rows) =>
        weights is { B1: { } B1, W2: { } W2, B2: { } B2 }
            ? OnnxActivations.TanhGeluAndSlope(rows.MatMul(weights.W1) + B1).Value.MatMul(W2) + B2
            : rows.MatMul(weights.W1);

    private OnnxValue View(OnnxValue x, string name) => _grid.Split(_task.In(name).Dense(x), 1)[0];

    private OnnxValue Shared(string name) => _weights.Constant(_weights.Tensor(name).unsqueeze(0));

    private static OnnxValue Transposed(OnnxValue value) => value.Permute(0, 1, 3, 2);

    /// <summary>The weights of the inner model: W1 [., H, K, K], or of an MLP W1 [., H, K, M], B1 [., H, 1, M], W2 [., H, M, K] and B2 [., H, 1, K].</summary>
    private readonly record struct Weights(OnnxValue W1, OnnxValue? B1 = null, OnnxValue? W2 = null, OnnxValue? B2 = null);
}
