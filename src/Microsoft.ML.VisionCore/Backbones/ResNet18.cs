using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Backbones;

/// <summary>
/// ResNet-18 (He et al., arXiv 1512.03385, table 1) up to one of its four stages: pixels [B, 3, S, S], red, green and blue in [0, 255], → features
/// [B, C, G, G]. Its weights are those of ML.NET's package (<see cref="ResNet18File"/>), batch normalisations folded into the convolutions.
/// </summary>
/// <remarks>
/// Stages 1 to 4 have 64, 128, 256 and 512 channels, and features for every 4, 8, 16 and 32 pixels; sizes that these do not divide are rounded up. The mean
/// picture that ML.NET subtracts has 224 x 224 pixels; other sizes get it resized.
/// </remarks>
internal sealed class ResNet18 : Module<Tensor, Tensor>
{
    /// <summary>The smallest side S.</summary>
    internal const int SmallestSide = 64;

    /// <summary>The number of stages.</summary>
    internal const int Stages = 4;

    private readonly FoldedConvolution first;
    private readonly ResNetStages stages;
    private readonly Tensor mean; // [1, 3, 224, 224], red, green, blue

    private ResNet18(FoldedConvolution first, ResNetStages stages, Tensor mean)
        : base(nameof(ResNet18))
    {
        (this.first, this.stages, this.mean) = (first, stages, Parameters.Buffer(mean));
        first.Freeze();
        stages.Freeze();
        RegisterComponents();
    }

    /// <summary>The channels C of a stage's features.</summary>
    /// <param name="stage">1 to 4; 0 stands for what goes into the first.</param>
    internal static int Channels(int stage) => stage == 0 ? 64 : 32 << stage;

    /// <summary>The pixels between two features of a stage.</summary>
    internal static int Stride(int stage) => stage == 0 ? 4 : 2 << stage;

    /// <summary>The side G of a stage's grid for images of a side.</summary>
    internal static int GridSide(int side, int stage) => (side + Stride(stage) - 1) / Stride(stage);

    /// <summary>The residual blocks up to the end of a stage: two in each, and three in the last, one more than the paper has.</summary>
    internal static int Blocks(int stage) => (2 * stage) + (stage == Stages ? 1 : 0);

    /// <summary>Whether a block, counted from 0, halves the grid: the first one of every stage but the first.</summary>
    internal static bool Halves(int block) => block is 2 or 4 or 6;

    /// <summary>Builds the network from the two graphs of ML.NET's package, in two parts.</summary>
    /// <param name="network">What computes the features.</param>
    /// <param name="preprocessing">What turns red, green, blue into blue, green, red and subtracts the mean picture.</param>
    /// <param name="stage">Where it is cut: 0 to 4.</param>
    /// <returns>The part up to the stage, and the stages after it; null where there are none.</returns>
    internal static (ResNet18 Trunk, ResNetStages? Tail) Split(ModelProto network, ModelProto preprocessing, int stage)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var convolutions = new Queue<FoldedConvolution>(FoldedConvolution.AllOf(network.Graph));
        using var unturned = convolutions.Dequeue();
        var blocks = new List<ResidualBlock>();
        for (var block = 0; block < Blocks(Stages); block++)
        {
            // The graph has the shortcut of a block that halves the grid before the block itself.
            var shortcut = Halves(block) ? convolutions.Dequeue() : null;
            blocks.Add(new ResidualBlock(convolutions.Dequeue(), convolutions.Dequeue(), shortcut));
        }

        var count = Blocks(stage);
        return (new ResNet18(unturned.Reversed(), new ResNetStages(blocks.Take(count)), FoldedConvolution.Read(preprocessing.Graph.Initializer.Single()).flip([1])),
            stage == Stages ? null : new ResNetStages(blocks.Skip(count)));
    }

    /// <summary>[B, 3, S, S], S at least <see cref="SmallestSide"/>, → [B, C, G, G].</summary>
    public override Tensor forward(Tensor pixels) => Run(pixels, ScalarType.Float32);

    /// <summary>The same, computed and given in another type.</summary>
    internal Tensor Run(Tensor pixels, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (_, channels, height, width) = pixels.Dims4();
        if (channels != 3 || height < SmallestSide || width < SmallestSide)
        {
            throw new ArgumentException($"Pictures must have 3 channels and at least {SmallestSide} x {SmallestSide} pixels; these have {channels} and {width} x {height}.", nameof(pixels));
        }

        var x = pixels.sub(MeanFor(height, width)).to(type);
        if (!DirectConvolution.IsFaster(x, Channels(0)))
        {
            return Features(x, Blocks(Stages)).MoveToOuterDisposeScope();
        }

        // One picture at a time: what lies between its layers is found again faster than that of many. The last stage has few places and many weights, which are read for all pictures together.
        var alone = Blocks(Stages - 1);
        var features = cat([.. x.split(1).Select(picture => Features(picture, alone))]);
        return stages.Run(features, alone, Blocks(Stages)).MoveToOuterDisposeScope();
    }

    private Tensor Features(Tensor x, int end)
    {
        using var scope = NewDisposeScope();
        // The paper has the activation before the pooling; the largest number is the same, and after it there are a quarter as many.
        return stages.Run(functional.relu(functional.max_pool2d(first.call(x), 3, stride: 2, padding: 1), inplace: !is_grad_enabled()), 0, end).MoveToOuterDisposeScope();
    }

    /// <summary>The mean picture in a size, [1, 3, height, width].</summary>
    internal Tensor MeanFor(long height, long width) => mean.size(2) == height && mean.size(3) == width ? mean
        : functional.interpolate(mean, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
}

/// <summary>Some of the stages, one after the other: the features of the stage before, [B, C, G, G], → those of the last, [B, C', G', G'].</summary>
internal sealed class ResNetStages : Module<Tensor, Tensor>
{
    private readonly ModuleList<ResidualBlock> blocks = new();

    internal ResNetStages(IEnumerable<ResidualBlock> all)
        : base(nameof(ResNetStages))
    {
        foreach (var block in all)
        {
            blocks.Add(block);
        }

        RegisterComponents();
    }

    /// <summary>The blocks in order.</summary>
    internal IReadOnlyList<ResidualBlock> Blocks => [.. blocks];

    /// <summary>See <see cref="FoldedConvolution.Freeze"/>.</summary>
    internal void Freeze()
    {
        foreach (var block in blocks)
        {
            block.First.Freeze();
            block.Second.Freeze();
            block.Shortcut?.Freeze();
        }
    }

    public override Tensor forward(Tensor features) => Run(features, 0, blocks.Count);

    /// <summary>Through some of the blocks; beyond the last there are none.</summary>
    internal Tensor Run(Tensor features, int first, int end)
    {
        using var scope = NewDisposeScope();
        var x = features.alias();
        foreach (var block in blocks.Take(end).Skip(first))
        {
            x = block.call(x);
        }

        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>Two 3x3 convolutions around which the input is led, directly or through a 1x1 convolution that halves the grid as well.</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly FoldedConvolution first, second;
    private readonly FoldedConvolution? shortcut;

    internal ResidualBlock(FoldedConvolution first, FoldedConvolution second, FoldedConvolution? shortcut)
        : base(nameof(ResidualBlock))
    {
        (this.first, this.second, this.shortcut) = (first, second, shortcut);
        RegisterComponents();
    }

    /// <summary>The convolution that comes first.</summary>
    internal FoldedConvolution First => first;

    /// <summary>The other one.</summary>
    internal FoldedConvolution Second => second;

    /// <summary>What the input goes through beside them; null where it goes on as it is.</summary>
    internal FoldedConvolution? Shortcut => shortcut;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (inPlace, around) = (!is_grad_enabled(), shortcut is null ? x : shortcut.call(x));
        var way = second.call(functional.relu(first.call(x), inPlace));
        return functional.relu(way.Add(around), inPlace).MoveToOuterDisposeScope();
    }
}

/// <summary>A convolution with the batch normalisation behind it, whose statistics are fixed: [B, C, H, W] → [B, C', H', W'].</summary>
internal sealed class FoldedConvolution : Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [C', C, K, K]
    private readonly Parameter bias;   // [C']
    private readonly long _stride, _padding;
    private readonly bool _channelsLast;
    private Lazy<DirectConvolution>? _direct;

    private FoldedConvolution(Tensor weight, Tensor bias, long stride, long padding)
        : base(nameof(FoldedConvolution))
    {
        // A call brings features and weights into one order first. The last stage has few places and many weights: there the plain order is the faster one.
        _channelsLast = weight.size(0) < ResNet18.Channels(ResNet18.Stages);
        (this.weight, this.bias) = (new Parameter(_channelsLast ? ChannelsLast(weight).clone() : weight.contiguous().clone()), new Parameter(bias.clone()));
        this.weight.DetachFromDisposeScope();
        this.bias.DetachFromDisposeScope();
        (_stride, _padding) = (stride, padding);
        RegisterComponents();
    }

    /// <summary>Every convolution of a graph in its order.</summary>
    /// <exception cref="FormatException">One is not followed by a batch normalisation.</exception>
    internal static IEnumerable<FoldedConvolution> AllOf(GraphProto graph)
    {
        var constants = graph.Initializer.ToDictionary(constant => constant.Name, StringComparer.Ordinal);
        foreach (var node in graph.Node.Where(node => node.OpType == "Conv"))
        {
            var norm = graph.Node.FirstOrDefault(next => next.OpType == "BatchNormalization" && next.Input[0] == node.Output[0])
                ?? throw new FormatException($"The convolution '{node.Output[0]}' is not followed by a batch normalisation.");
            var (gamma, beta, mean, variance) = (Read(constants[norm.Input[1]]), Read(constants[norm.Input[2]]), Read(constants[norm.Input[3]]), Read(constants[norm.Input[4]]));
            var scale = gamma.div(variance.Add(norm.Attribute.Single(attribute => attribute.Name == "epsilon").F).sqrt());                    // [C']
            // The graph pads less below and on the right where the grid of 224 pixels does not need it; other sizes do.
            yield return new FoldedConvolution(Read(constants[node.Input[1]]).mul(scale.view(-1, 1, 1, 1)), beta.sub(mean.mul(scale)),
                node.Attribute.Single(attribute => attribute.Name == "strides").Ints[0], node.Attribute.Single(attribute => attribute.Name == "pads").Ints[0]);
        }
    }

    /// <summary>The numbers of a constant.</summary>
    internal static Tensor Read(TensorProto constant) => tensor(constant.FloatData.ToArray(), [.. constant.Dims]);

    // The same numbers, the channels of a place side by side.
    private static Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>The same for channels in the opposite order.</summary>
    internal FoldedConvolution Reversed() => new(weight.flip([1]), bias, _stride, _padding);

    /// <summary>Says that the weights do not change any more.</summary>
    internal void Freeze() => _direct = new(() => new DirectConvolution(weight, bias, (int)_stride, (int)weight.size(1)));

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (DirectConvolution.IsFaster(x, weight.size(0)))
        {
            return (_direct is null || is_grad_enabled() ? DirectConvolution.Convolve(x, weight, bias, (int)_stride, (int)_padding) : _direct.Value.Apply(x, (int)_padding)).MoveToOuterDisposeScope();
        }

        return functional.conv2d(_channelsLast ? ChannelsLast(x) : x.contiguous(), weight.to(x.dtype), bias.to(x.dtype), [_stride, _stride], [_padding, _padding]).MoveToOuterDisposeScope();
    }
}
