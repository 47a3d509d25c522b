using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>From pixels [N, C, S, S] to tokens [N, T, D] in a graph.</summary>
internal static class OnnxStem
{
    public static OnnxValue Tokens(OnnxValue images, ModelShape shape, BackboneEmbedding? backbone, OnnxGrid grid, OnnxWeights weights)
    {
        if (backbone is not null)
        {
            var features = OnnxResNet18.Trunk(images, shape.ImageSize, backbone.FrozenStages, backbone.Frozen);
            return weights.In("map").Dense(LayerNorm(grid.ToTokens(OnnxResNet18.Stages(features, weights.In("tail"), backbone.FrozenStages, ResNet18.Stages)), weights.In("norm")));
        }

        if (shape.Stem == ImageStem.Patch)
        {
            return grid.ToTokens(images.Conv(weights["patches.weight"], weights["patches.bias"], stride: shape.PatchSize));
        }

        var (convolutions, pools, isStrided) = ConvolutionalEmbedding.Plan(shape.PatchSize);
        var x = images;
        for (int i = 0; i < convolutions; i++)
        {
            x = x.Conv(weights[$"convolutions.{i}.weight"], stride: i == 0 && isStrided ? 2 : 1, padding: 1);
            if (i >= convolutions - pools)
            {
                x = x.MaxPool();
            }

            var norm = weights.In($"norms.{i}");
            x = x.BatchNorm(norm["weight"], norm["bias"], norm["running_mean"], norm["running_var"], BatchNormalization.Epsilon);
            if (i < convolutions - 1)
            {
                x = x.Gelu();
            }
        }

        return grid.ToTokens(x);
    }

    public static OnnxValue LayerNorm(OnnxValue x, OnnxWeights weights) => x.LayerNorm(weights["weight"], weights["bias"], Layers.NormEpsilon);
}
