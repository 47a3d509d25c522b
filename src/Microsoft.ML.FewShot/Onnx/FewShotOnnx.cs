using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Onnx;

/// <summary>The finished classifier of a task as an ONNX graph.</summary>
internal static class FewShotOnnx
{
    /// <summary>Makes the graph.</summary>
    public static ModelProto Export(ClassifierScorer scorer, ClassLabels labels, FewShotMethod method, OnnxPart part)
    {
        if (scorer.Network.Embedding is null)
        {
            OnnxExport.CheckWhole(part);
        }

        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var (graph, shape) = (new OnnxGraph("FewShotClassifier"), scorer.Network.Shape);
        var weights = new OnnxWeights(graph, scorer.Network);
        var length = shape.Network.TargetLength;
        var embeddings = part == OnnxPart.Head ? OnnxClassifier.Embeddings(graph, length)
            : scorer.Scale is { } scale
            ? scorer.Network.Embedding is { } photographs ? OnnxEmbedding.Photographs(OnnxClassifier.Images(graph, shape.ImageSize, scale), photographs, weights)
            : WithViews(OnnxClassifier.Images(graph, shape.ImageSize, scale), shape, weights)
            : shape.Embedding is { } own ? OnnxEmbedding.Vectors(OnnxClassifier.Features(graph, shape.FeatureLength), own)
            : Hidden(OnnxClassifier.Features(graph, shape.FeatureLength), shape, weights);                              // [N, F]
        embeddings = shape.IsCosine ? embeddings / ((embeddings * embeddings).Sum(1) + Backbone.Smallest).Sqrt() : embeddings;
        var input = shape.ImageSize > 0 ? OnnxClassifier.Describe(shape.ImageSize, shape.Colors) : [("feature_length", $"{shape.FeatureLength}")];
        if (part == OnnxPart.Embedding)
        {
            return OnnxClassifier.Finish(graph, embeddings, length, "embedding of few-shot classifiers of photographs", input);
        }

        var probabilities = InClassOrder(weights.Dense(embeddings).Softmax(1), scorer.Slots);                           // [N, Y]
        return OnnxClassifier.Finish(graph, probabilities, Known(embeddings, scorer.Network, weights), labels, $"few-shot classifier, method {method}", input);
    }

    // [N, F] → [N, 1]; see RejectionRule.
    private static OnnxValue? Known(OnnxValue features, TargetNetwork network, OnnxWeights weights)
    {
        var shape = network.Shape;
        if (!shape.RejectsUnknown)
        {
            return null;
        }

        var rule = weights.In("rejection");
        var embeddings = shape.MetricRank > 0 ? features.MatMul(weights.Constant(weights.Tensor("metric").t()))
            : network.Embedding is not null ? OnnxEmbedding.Unit(features - weights["origin"]) : features;
        var apart = embeddings.Reshape(0, 1, shape.Network.EmbeddingLength) - rule["means"];                             // [N, W, F]
        var u = ((apart * apart).Sum(2).Reshape(0, shape.Classes) * rule["shares"]).Min(1);
        return rule["threshold"] / (u + rule["threshold"]);
    }

    // [N, C, S, S] → [N, F], the mean over the images and their views.
    private static OnnxValue WithViews(OnnxValue images, TargetShape shape, OnnxWeights weights)
    {
        if (shape.QueryViews == 0)
        {
            return Convolved(images, shape, weights);
        }

        var side = shape.ImageSize;
        var views = Enumerable.Range(0, shape.QueryViews)
            .Select(view => images.IndexSelect(2, ShiftedViews.Rows(view, side)).IndexSelect(3, ShiftedViews.Columns(view, side)));
        var all = Convolved(OnnxValue.Cat(0, [images, .. views]), shape, weights);                                      // [V·N, F]
        return all.Reshape(shape.QueryViews + 1, -1, shape.Network.TargetLength).Mean([0], keepdim: false);
    }

    // [N, C, S, S] → [N, F].
    private static OnnxValue Convolved(OnnxValue maps, TargetShape shape, OnnxWeights weights)
    {
        var network = shape.Network;
        for (int layer = 0; layer < shape.Convolutions; layer++)
        {
            var convolution = weights.In($"convolutions.{layer}");
            maps = maps.Conv(convolution["kernels"], padding: 1);
            maps = network.HasPool(layer) ? maps.MaxPool() : maps;
            maps = network.HasActivation(layer) ? maps.Relu() : maps;
            if (shape.IsTransductive)
            {
                var centred = maps - maps.Mean([0, 2, 3], keepdim: true);
                maps = centred * ((centred * centred).Mean([0, 2, 3], keepdim: true) + ChannelNormalization.Epsilon).Rsqrt();
            }

            maps = maps * Channels(convolution, "scale") + Channels(convolution, "shift");
        }

        return maps.Reshape(0, network.TargetLength);
    }

    // [N, length] → [N, F].
    private static OnnxValue Hidden(OnnxValue features, TargetShape shape, OnnxWeights weights)
    {
        var x = (features - weights["feature_mean"]) * weights["feature_scale"];
        return shape.HiddenUnits > 0 ? weights.Dense(x, weights.Tensor("hidden_weight"), weights.Tensor("hidden_bias")).Relu() : x;
    }

    // [N, W] → [N, Y]; 0 for classes that the network has not.
    private static OnnxValue InClassOrder(OnnxValue probabilities, IReadOnlyList<int> slots)
    {
        int ways = slots.Count(slot => slot >= 0);
        if (slots.SequenceEqual(Enumerable.Range(0, ways)))
        {
            return probabilities;
        }

        var all = ways == slots.Count ? probabilities : OnnxValue.Cat(1, probabilities, probabilities.Narrow(1, 0, 1) * 0);
        return all.IndexSelect(1, [.. slots.Select(slot => (long)(slot < 0 ? ways : slot))]);
    }

    private static OnnxValue Channels(OnnxWeights weights, string name) => weights.Constant(weights.Tensor(name).view(1, -1, 1, 1));
}
