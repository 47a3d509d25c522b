using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.TTT.Models;

/// <summary>
/// The image classifier: pixels → tokens → blocks → mean or maximum over the tokens → class logits, [B, C, S, S] → [B, Y]. S may be any multiple of
/// the patch size, so training may begin at a lower resolution. Pixels are in normalised units.
/// </summary>
internal sealed class VisionTransformer : Module<Tensor, Tensor>
{
    /// <summary>What is decayed and no matrix: the layers at both ends, and what works on each channel by itself.</summary>
    internal static readonly IReadOnlyList<string> NotMatrices = ["stem.convolutions.0.weight", "stem.patches.weight", "stem.map.weight", "stem.tail.*", "*.position.weight", "*.local.weight", "*.start_conv", "head.weight"];

    /// <summary>What has two dimensions or more and is not decayed.</summary>
    internal static readonly IReadOnlyList<string> NotDecayed = ["positions.table", "*.decoder_gamma", "*.decoder_beta", "*.start_bias1", "*.start_bias2", "*.mixer.ridge"];

    // Midpoints: with as many, the sum of the places missed the logit by 0.003 at most in the models tried.
    private const int PathSteps = 24;

    private readonly Module<Tensor, Tensor> stem;
    private readonly PositionEmbedding? positions;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Dense head;

    /// <summary>Creates the model with start weights that <paramref name="seed"/> fixes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible; the message names every reason.</exception>
    internal VisionTransformer(ModelShape shape, int seed)
        : base(nameof(VisionTransformer))
    {
        shape.Validate(nameof(shape));
        Shape = shape;
        var random = new Random(seed);
        stem = shape.Backbone == ImageBackbone.ResNet18 ? new BackboneEmbedding(shape.Width, shape.TunedStages, random)
            : shape.Stem == ImageStem.Patch
            ? new PatchEmbedding(shape.Channels, shape.Width, shape.PatchSize, random)
            : new ConvolutionalEmbedding(shape.Channels, shape.Width, shape.PatchSize, random);
        positions = shape.Positions switch
        {
            PositionEncoding.SinCos => PositionEmbedding.SinCos(),
            PositionEncoding.Learned => PositionEmbedding.Learned(shape.ImageSize / shape.PatchSize, shape.Width),
            _ => null
        };
        blocks = new ModuleList<TransformerBlock>();
        for (int block = 0; block < shape.Depth; block++)
        {
            var mixer = TokenMixers.Create(shape.MixerOf(block), shape.MixerShapeOf(block), random);
            blocks.Add(new TransformerBlock(shape.Width, shape.Width * shape.MlpRatio, shape.Positions == PositionEncoding.Conditional, mixer, random));
        }

        norm = Layers.LayerNorm(shape.Width);
        head = Dense.ZeroHead(shape.Width, shape.Classes);
        RegisterComponents();
    }

    internal ModelShape Shape { get; }

    /// <summary>Whether a training keeps what goes into each block alone, and computes the rest again on the way back.</summary>
    internal bool Recompute { get; set; }

    /// <summary>The pretrained network under the transformer; null where there is none.</summary>
    internal BackboneEmbedding? Backbone => stem as BackboneEmbedding;

    /// <summary>Whether a parameter was trained before, and is to change slowly.</summary>
    internal static bool IsPretrained(string name) => name.StartsWith("stem.tail.", StringComparison.Ordinal);

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (_, _, height, width) = images.Dims4();
        if (height != width || height % Shape.PatchSize != 0)
        {
            throw new ArgumentException($"Images must be square with a side that is a multiple of {Shape.PatchSize}; these are {width}x{height}.", nameof(images));
        }

        return FromTokens(stem.call(images)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What each place adds to a class's logit less the mean of all classes' logits, [B, C, S, S] → [B, G, G]: integrated gradients (arXiv 1703.01365) over the
    /// tokens, on the straight way from those of an average picture to the image's. A token is credited with what it does in all places that hear of it through
    /// the mixers. The numbers of an image add up to the difference between the two ends: what the steps miss of it, a few thousandths, is spread evenly.
    /// </summary>
    internal Tensor Contributions(Tensor images, long classIndex)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var tokens = stem.call(images);                                                             // [B, N, D]
        var start = stem.call(AveragePicture(images));                                              // [1, N, D]
        var way = tokens.sub(start);
        var sum = zeros_like(way);
        for (int step = 0; step < PathSteps; step++)
        {
            using var each = NewDisposeScope();
            sum.Add_(Slope(start.Add(way.Mul((step + 0.5) / PathSteps)), classIndex));
        }

        var (B, N, _) = way.Dims3();
        long side = Shapes.GridSide(N);
        var parts = sum.mul(way).sum(2).Div(PathSteps);                                             // [B, N]
        var missed = Advantage(tokens, classIndex).sub(Advantage(start, classIndex)).sub(parts.sum(1)).unsqueeze(1);
        return parts.Add(missed.Div(N)).view(B, side, side).MoveToOuterDisposeScope();
    }

    /// <summary>What the mixers of each block that learn in steps learn from images, [B, C, S, S] → [T + 1, H, B, N], with the block's number.</summary>
    internal IReadOnlyList<(int Block, Tensor Losses)> InnerLosses(Tensor images)
    {
        using var scope = NewDisposeScope();
        var all = new List<(int, Tensor)>();
        var tokens = Placed(stem.call(images));
        for (var block = 0; block < blocks.Count; block++)
        {
            if (blocks[block].InnerLoss(tokens) is { } losses)
            {
                all.Add((block, losses.MoveToOuterDisposeScope()));
            }

            tokens = blocks[block].call(tokens);
        }

        return all;
    }

    /// <summary>From what the frozen stages of the backbone make of images, [B, C, G, G] → [B, Y].</summary>
    internal Tensor FromFeatures(Tensor features)
    {
        using var scope = NewDisposeScope();
        return FromTokens(Backbone!.FromFeatures(features)).MoveToOuterDisposeScope();
    }

    /// <summary>Divides the logits by a temperature from now on, in the weights of the head.</summary>
    internal void DivideLogits(double temperature)
    {
        using var mode = no_grad();
        head.weight.Mul_(1 / temperature);
        head.bias.Mul_(1 / temperature);
    }

    // Of no class: the mean picture that the backbone was trained with, or the mean color of the training images, [1, C, S, S].
    private Tensor AveragePicture(Tensor images)
    {
        var (_, channels, height, width) = images.Dims4();
        return Backbone?.Frozen.MeanFor(height, width) ?? zeros([1, channels, height, width], images.dtype, images.device);
    }

    // The class's logit less the mean of all, [B, N, D] → [B].
    private Tensor Advantage(Tensor tokens, long classIndex)
    {
        var logits = FromTokens(tokens);                                                            // [B, Y]
        return logits.select(1, classIndex).sub(logits.mean([1]));
    }

    // Its gradient by the tokens, [B, N, D] → [B, N, D].
    private Tensor Slope(Tensor tokens, long classIndex)
    {
        using var gradients = enable_grad();
        using var at = tokens.detach().requires_grad_();
        return autograd.grad([Advantage(at, classIndex).sum()], [at])[0];
    }

    // [B, N, D] → [B, Y].
    private Tensor FromTokens(Tensor tokens)
    {
        tokens = Placed(tokens);
        foreach (var block in blocks)
        {
            tokens = Recompute && training ? Recomputed.Call(block, tokens) : block.call(tokens);
        }

        tokens = norm.call(tokens);
        return head.call(Shape.Pooling == TokenPooling.Max ? tokens.amax([1]) : tokens.mean([1]));
    }

    private Tensor Placed(Tensor tokens) => positions?.call(tokens) ?? tokens;
}
