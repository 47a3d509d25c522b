using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = Microsoft.ML.VisionCore.Torch.Convolution;

namespace Microsoft.ML.FewShot.Models;

/// <summary>The features of the raw images that all generators share, [M, C, S, S] → [M, features].</summary>
internal sealed class ImageFeatures : Module<Tensor, Tensor>
{
    private static readonly long[] Strides = [2, 2, 2, 1];

    private readonly ModuleList<Convolution> convolutions;

    internal ImageFeatures(FewShotShape shape, Random random)
        : base(nameof(ImageFeatures))
    {
        convolutions = new ModuleList<Convolution>();
        foreach (long stride in Strides)
        {
            convolutions.Add(Convolution.Biased3x3(random, convolutions.Count == 0 ? shape.Colors : shape.ImageFeatures, shape.ImageFeatures, stride, padding: 1));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = images;
        foreach (var convolution in convolutions)
        {
            maps = convolution.call(maps).relu();
        }

        return maps.mean([2, 3]).MoveToOuterDisposeScope();
    }
}
