using Microsoft.ML.VisionCore.Backbones;

namespace Microsoft.ML.VisionCore.Onnx;

/// <summary>A ResNet-18 in a graph.</summary>
internal static class OnnxResNet18
{
    /// <summary>Pixels [N, 3, S, S], 0 to 255, → the features of a stage, [N, C, G, G].</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="side">S.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="network">The network.</param>
    public static OnnxValue Trunk(OnnxValue pixels, int side, int stage, ResNet18 network)
    {
        var weights = new OnnxWeights(pixels.Graph, network);
        var x = Convolution(pixels - pixels.Graph.Constant(network.MeanFor(side, side)), weights.In("first"), stride: 2, padding: 3).Relu();
        return Stages(x.MaxPool(kernel: 3, stride: 2, padding: 1), weights.In("stages"), 0, stage);
    }

    /// <summary>The stages after one, up to another.</summary>
    public static OnnxValue Stages(OnnxValue x, OnnxWeights weights, int from, int to)
    {
        for (var block = ResNet18.Blocks(from); block < ResNet18.Blocks(to); block++)
        {
            x = Block(x, weights.In($"blocks.{block - ResNet18.Blocks(from)}"), block, null);
        }

        return x;
    }

    /// <summary>A block.</summary>
    /// <param name="x">What goes in.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="block">Which one it is, from 0.</param>
    /// <param name="correct">What becomes of the first and of the second convolution, 0 and 1; null where they stay.</param>
    public static OnnxValue Block(OnnxValue x, OnnxWeights weights, int block, Func<int, OnnxValue, OnnxValue>? correct)
    {
        var halves = ResNet18.Halves(block);
        var way = Convolution(x, weights.In("first"), halves ? 2 : 1, padding: 1);
        way = (correct?.Invoke(0, way) ?? way).Relu();
        way = Convolution(way, weights.In("second"), stride: 1, padding: 1);
        way = correct?.Invoke(1, way) ?? way;
        return (way + (halves ? Convolution(x, weights.In("shortcut"), stride: 2, padding: 0) : x)).Relu();
    }

    private static OnnxValue Convolution(OnnxValue x, OnnxWeights weights, long stride, long padding) =>
        x.Conv(weights["weight"], weights["bias"], stride, padding);
}
