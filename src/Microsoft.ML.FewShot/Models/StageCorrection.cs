using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Corrects the last stage of a ResNet-18 for tasks of few examples: beside every block a bottleneck of two 1x1 convolutions, as task-specific adapters have
/// it (Li et al., arXiv 2107.00358), and a scale and an offset for each channel of its convolutions (FiLM, Perez et al., arXiv 1709.07871). Nothing at the start.
/// </summary>
internal sealed class StageCorrection : Module
{
    private readonly ModuleList<BlockCorrection> blocks = new();

    /// <param name="rank">The channels r between the two 1x1 convolutions.</param>
    /// <param name="random">Draws the start weights.</param>
    internal StageCorrection(int rank, Random random)
        : base(nameof(StageCorrection))
    {
        for (var block = ResNet18.Blocks(ResNet18.Stages - 1); block < ResNet18.Blocks(ResNet18.Stages); block++)
        {
            blocks.Add(new BlockCorrection(ResNet18.Channels(ResNet18.Halves(block) ? ResNet18.Stages - 1 : ResNet18.Stages), rank, random));
        }

        RegisterComponents();
    }

    /// <summary>The stage with its correction: [B, 256, G, G], G even, → [B, 512, G/2, G/2].</summary>
    internal Tensor Run(ResNetStages stage, Tensor maps) => Run(stage, maps, 0);

    /// <summary>The stage as it is, and with its correction: [B, 256, G, G], G even, → twice [B, 512, G/2, G/2]. Together they take less time than one after the other.</summary>
    internal (Tensor Plain, Tensor Corrected) Both(ResNetStages stage, Tensor maps)
    {
        using var both = Run(stage, cat([maps, maps]), maps.size(0));
        var parts = both.chunk(2);
        return (parts[0], parts[1]);
    }

    private Tensor Run(ResNetStages stage, Tensor maps, long plain)
    {
        using var scope = NewDisposeScope();
        var x = maps;
        foreach (var (block, correction) in stage.Blocks.Zip(blocks))
        {
            x = correction.Run(block, x, plain);
        }

        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>The correction of one block.</summary>
internal sealed class BlockCorrection : Module
{
    private const double Start = 0.3;

    private readonly Parameter reduce;          // [r, C, 1, 1]
    private readonly Parameter expand;          // [C', r, 1, 1]
    private readonly Parameter first, second;   // [2, C']: scales, less 1, and offsets

    internal BlockCorrection(int channels, int rank, Random random)
        : base(nameof(BlockCorrection))
    {
        var wide = ResNet18.Channels(ResNet18.Stages);
        reduce = Parameters.Normal(random, Start / Math.Sqrt(channels), rank, channels, 1, 1);
        expand = Parameters.Zeros(wide, rank, 1, 1);
        first = Parameters.Zeros(2, wide);
        second = Parameters.Zeros(2, wide);
        RegisterComponents();
    }

    /// <summary>[B, C, G, G] → [B, C', G', G'].</summary>
    /// <param name="block">The block.</param>
    /// <param name="x">What goes in.</param>
    /// <param name="plain">So many of the first ones go through the block as it is.</param>
    internal Tensor Run(ResidualBlock block, Tensor x, long plain)
    {
        using var scope = NewDisposeScope();
        var way = Correct(plain, block.First.call(x), rows => Scale(rows, first)).relu();
        way = Correct(plain, block.Second.call(way), rows => Scale(rows, second).Add(Bottleneck(After(plain, x), isHalved: block.Shortcut is not null)));
        return way.Add(block.Shortcut is null ? x : block.Shortcut.call(x)).relu().MoveToOuterDisposeScope();
    }

    // [B, C, G, G] → [B, C', G', G'].
    private Tensor Bottleneck(Tensor x, bool isHalved) =>
        functional.conv2d(functional.conv2d(isHalved ? functional.avg_pool2d(x, 2) : x, reduce).relu(), expand);

    private static Tensor After(long plain, Tensor x) => x.narrow(0, plain, x.size(0) - plain);

    private static Tensor Correct(long plain, Tensor x, Func<Tensor, Tensor> correction) =>
        plain == 0 ? correction(x) : cat([x.narrow(0, 0, plain), correction(After(plain, x))]);

    private static Tensor Scale(Tensor x, Tensor by) => x.mul(by[0].Add(1).view(1, -1, 1, 1)).Add(by[1].view(1, -1, 1, 1));
}
