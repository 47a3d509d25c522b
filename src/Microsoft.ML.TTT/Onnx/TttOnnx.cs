using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>A trained vision transformer as an ONNX graph: the same sums in the same order, the inner training included.</summary>
internal static class TttOnnx
{
    /// <summary>Makes the graph.</summary>
    /// <param name="model">The network.</param>
    /// <param name="normalization">How pixels become its numbers.</param>
    /// <param name="isMirroring">Whether images are scored together with their mirror images.</param>
    /// <param name="threshold">How far the largest probability may be below 1 in an image of the classes; null where nothing is rejected.</param>
    /// <param name="labels">The classes.</param>
    public static ModelProto Export(VisionTransformer model, ImageNormalization normalization, bool isMirroring, float? threshold, ClassLabels labels)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var shape = model.Shape;
        var graph = new OnnxGraph("TTTImageClassifier");
        var images = OnnxClassifier.Images(graph, shape.ImageSize, normalization);                   // [N, 3, S, S]
        if (isMirroring)
        {
            images = OnnxValue.Cat(0, images, images.Flip(3));
        }

        var probabilities = Logits(images, model, new OnnxWeights(graph, model)).Softmax(1);     // [N, Y], or twice as many rows
        if (isMirroring)
        {
            probabilities = probabilities.Reshape(2, -1, shape.Classes).Mean(0);
        }

        OnnxValue? known = threshold is { } t ? graph.Scalar(t) / (probabilities.Max(1) * -1 + (1.0 + t)) : null;                   // [N, 1]; see KnownScore
        return OnnxClassifier.Finish(graph, probabilities, known, labels, $"image classifier, token mixer {shape.Mixer}", OnnxClassifier.Describe(shape.ImageSize, shape.Channels));
    }

    // [N, C, S, S] → [N, Y].
    private static OnnxValue Logits(OnnxValue images, VisionTransformer model, OnnxWeights weights)
    {
        var shape = model.Shape;
        var grid = new OnnxGrid(shape);
        var tokens = OnnxStem.Tokens(images, shape, model.Backbone, grid, weights.In("stem"));
        tokens = shape.Positions switch
        {
            PositionEncoding.Learned => tokens + weights["positions.table"],
            PositionEncoding.SinCos => tokens + weights.Constant(PositionEmbedding.SinCosTable(grid.Side, shape.Width)),
            _ => tokens,
        };
        for (int block = 0; block < shape.Depth; block++)
        {
            tokens = Block(tokens, shape, block, grid, weights.In($"blocks.{block}"));
        }

        tokens = OnnxStem.LayerNorm(tokens, weights.In("norm"));
        return weights.In("head").Dense(shape.Pooling == TokenPooling.Max ? tokens.Max(1).Reshape(-1, shape.Width) : tokens.Mean(1));
    }

    private static OnnxValue Block(OnnxValue x, ModelShape shape, int block, OnnxGrid grid, OnnxWeights weights)
    {
        if (shape.Positions == PositionEncoding.Conditional)
        {
            var position = weights.In("position");
            x += grid.ToTokens(grid.FromTokens(x).Conv(position["weight"], position["bias"], padding: 1, groups: shape.Width));
        }

        if (shape.MixerOf(block) != TokenMixer.None)
        {
            x += OnnxMixers.Mix(OnnxStem.LayerNorm(x, weights.In("norm1")), shape, block, grid, weights.In("mixer"));
        }

        var mlp = weights.In("mlp");
        return x + mlp.In("down").Dense(mlp.In("up").Dense(OnnxStem.LayerNorm(x, weights.In("norm2"))).Gelu());
    }
}
