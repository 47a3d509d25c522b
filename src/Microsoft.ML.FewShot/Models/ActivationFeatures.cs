using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// What the generator of a convolution sees of the maps that it will read, [M, c, S, S] → [M, <see cref="Length"/>]. In the prototype
/// design the maps averaged over a coarse grid; in the paper's the means of two convolutions, before their rectifiers.
/// </summary>
internal sealed class ActivationFeatures : Module<Tensor, Tensor>
{
    // Cells a side: the raw image says more than the mean of a map.
    private const int ImageCells = 4, MapCells = 2;

    private readonly Convolution? first, second;
    private readonly long _cells;

    internal ActivationFeatures(FewShotShape shape, int layer, Random random)
        : base(nameof(ActivationFeatures))
    {
        long inputs = shape.InputChannels(layer);
        long side = shape.SideAfter(layer);
        if (shape.Design == FewShotDesign.Paper)
        {
            bool isTiny = side < 3;
            first = Convolution.Biased3x3(random, inputs, shape.Channels, stride: 2, padding: isTiny ? 1 : 0);
            bool hasSecond = !isTiny && (side - 3) / 2 + 1 >= 3;
            second = hasSecond ? Convolution.Biased3x3(random, shape.Channels, shape.Channels, stride: 1, padding: 0) : null;
            Length = shape.Channels * (hasSecond ? 2 : 1);
        }
        else
        {
            _cells = Math.Min(side, layer == 0 ? ImageCells : MapCells);
            Length = inputs * _cells * _cells;
        }

        RegisterComponents();
    }

    /// <summary>The numbers a sample.</summary>
    internal long Length { get; }

    public override Tensor forward(Tensor maps)
    {
        using var scope = NewDisposeScope();
        if (first is null)
        {
            return functional.interpolate(maps, [_cells, _cells], mode: InterpolationMode.Area).reshape(maps.size(0), -1).MoveToOuterDisposeScope();
        }

        var convolved = first.call(maps);
        var features = convolved.mean([2, 3]);
        if (second is not null)
        {
            features = cat([features, second.call(convolved.relu()).mean([2, 3])], 1);
        }

        return features.MoveToOuterDisposeScope();
    }
}
