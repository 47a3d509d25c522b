using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Onnx;

/// <summary>Embeddings that are not learned from nothing, in a graph.</summary>
internal static class OnnxEmbedding
{
    /// <summary>Vectors [N, F] as <see cref="EmbeddingShape"/> has them.</summary>
    public static OnnxValue Vectors(OnnxValue vectors, EmbeddingShape shape)
    {
        var scaled = vectors / vectors.Abs().Max(1).ClampMin(EmbeddingShape.Least);
        return Unit(shape.SquareRoots ? scaled.Relu().Sqrt() : scaled);
    }

    /// <summary>Photographs [N, 3, S, S] → [N, F], as <see cref="PhotographEmbedding"/> has them.</summary>
    public static OnnxValue Photographs(OnnxValue photographs, PhotographEmbedding embedding, OnnxWeights weights)
    {
        var small = PhotographEmbedding.SmallSide(EmbeddingShape.PhotographSide);
        var other = photographs.Resize((double)small / EmbeddingShape.PhotographSide).Flip(3);
        return (Parts(photographs, EmbeddingShape.PhotographSide, embedding, weights) + Parts(other, small, embedding, weights)) * 0.5;
    }

    /// <summary>Rows of length 1.</summary>
    public static OnnxValue Unit(OnnxValue rows) => rows / rows.Norm(1).ClampMin(PhotographEmbedding.Shortest);

    private static OnnxValue Parts(OnnxValue view, int side, PhotographEmbedding embedding, OnnxWeights weights)
    {
        var (graph, first, stages) = (view.Graph, ResNet18.Blocks(ResNet18.Stages - 1), ResNet18.Stages);
        var maps = OnnxResNet18.Trunk(view, side, stages - 1, embedding.Trunk);
        var last = new OnnxWeights(graph, embedding.LastStage);
        var corrected = maps;
        for (var block = first; block < ResNet18.Blocks(stages); block++)
        {
            var own = weights.In($"embedding.correction.blocks.{block - first}");
            var input = ResNet18.Halves(block) ? corrected.MeanPool() : corrected;
            corrected = OnnxResNet18.Block(corrected, last.In($"blocks.{block - first}"), block, (number, way) =>
            {
                var by = own.Tensor(number == 0 ? "first" : "second");
                way = (way * Channels(own, by[0].Add(1))) + Channels(own, by[1]);
                return number == 0 ? way : way + input.Conv(own["reduce"]).Relu().Conv(own["expand"]);
            });
        }

        return OnnxValue.Cat(1, Pool(OnnxResNet18.Stages(maps, last, stages - 1, stages)), Pool(corrected)) * Math.Sqrt(0.5);
    }

    private static OnnxValue Channels(OnnxWeights weights, Tensor values) => weights.Constant(values.view(1, -1, 1, 1));

    private static OnnxValue Pool(OnnxValue maps) => Unit((maps.Mean([2, 3]) + PhotographEmbedding.Tiny).Sqrt());
}
