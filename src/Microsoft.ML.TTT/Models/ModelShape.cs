using System.Numerics;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.TTT.Models;

/// <summary>Everything that decides which tensors a <see cref="VisionTransformer"/> has and what it computes. Stored as JSON beside the weights.</summary>
internal sealed record ModelShape
{
    /// <summary>The image side S in pixels that the model is made for; a multiple of <see cref="PatchSize"/>.</summary>
    public required int ImageSize { get; init; }

    /// <summary>The classes Y.</summary>
    public required int Classes { get; init; }

    /// <summary>The numbers per pixel C.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>The pixels between two tokens P, 1 and up.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>What makes features of pixels before they become tokens; <see cref="PatchSize"/> is then its stride, and <see cref="Stem"/> has no part.</summary>
    public ImageBackbone Backbone { get; init; }

    /// <summary>The last stages of the backbone that are trained too, 0 to 4.</summary>
    public int TunedStages { get; init; }

    /// <summary>How pixels become tokens.</summary>
    public ImageStem Stem { get; init; } = ImageStem.Convolution;

    /// <summary>How tokens know their place.</summary>
    public PositionEncoding Positions { get; init; } = PositionEncoding.Conditional;

    /// <summary>The numbers per token D.</summary>
    public int Width { get; init; } = 128;

    /// <summary>The number of blocks.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>The heads H of every mixer.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Hidden width of the feed-forward parts in units of <see cref="Width"/>.</summary>
    public int MlpRatio { get; init; } = 4;

    /// <summary>The token mixer.</summary>
    public TokenMixer Mixer { get; init; } = TokenMixer.TttLinear;

    /// <summary>The blocks that have <see cref="Mixer"/>, counted from 0; null is all.</summary>
    public IReadOnlyList<int>? MixerBlocks { get; init; }

    /// <summary>The mixer of the other blocks.</summary>
    public TokenMixer OtherMixer { get; init; } = TokenMixer.None;

    /// <summary>How test-time-training mixers learn.</summary>
    public InnerLearning Inner { get; init; } = new();

    /// <summary>The convolution beside each mixer.</summary>
    public LocalMixing LocalMixing { get; init; }

    /// <summary>Whether what each mixer mixes is gated.</summary>
    public bool OutputGate { get; init; }

    /// <summary>How the tokens become one vector.</summary>
    public TokenPooling Pooling { get; init; }

    /// <summary>The model that trains on a CPU, for images of 32 to 96 pixels: convolutional stem, 3 blocks of width 128, the mixer in the last.</summary>
    internal static ModelShape Compact(int imageSize, int classes) =>
        new() { ImageSize = imageSize, Classes = classes, PatchSize = imageSize <= 48 ? 4 : 8, MixerBlocks = [2] };

    /// <summary>ViT-Tiny: 12 blocks of width 192, 3 heads, patches, sine-cosine positions, the mixer in every block.</summary>
    internal static ModelShape Tiny(int imageSize, int classes, int patchSize = 16) =>
        Paper(imageSize, classes, patchSize) with { Width = 192, Heads = 3 };

    /// <summary>ViT-Small: 12 blocks of width 384, 6 heads, patches, sine-cosine positions, the mixer in every block.</summary>
    internal static ModelShape Small(int imageSize, int classes, int patchSize = 16) =>
        Paper(imageSize, classes, patchSize) with { Width = 384, Heads = 6 };

    /// <summary>The model for photographs: the last features of a pretrained ResNet-18 as tokens.</summary>
    internal static ModelShape OnResNet18(int imageSize, int classes) => new()
    {
        ImageSize = imageSize,
        Classes = classes,
        Backbone = ImageBackbone.ResNet18,
        TunedStages = ResNet18.Stages,
        PatchSize = ResNet18.Stride(ResNet18.Stages),
        Width = 256,
        Depth = 1,
        MlpRatio = 2,
        MixerBlocks = [0],
    };

    /// <summary>The mixer of block <paramref name="block"/>.</summary>
    internal TokenMixer MixerOf(int block) => MixerBlocks is null || MixerBlocks.Contains(block) ? Mixer : OtherMixer;

    /// <summary>Whether a mixer of the model learns in steps.</summary>
    internal bool LearnsInSteps => UsedMixers().Any(mixer => mixer is TokenMixer.TttLinear or TokenMixer.TttMlp or TokenMixer.ViT3);

    /// <summary>How the mixer of block <paramref name="block"/> learns: every block has its own order of mini-batches.</summary>
    internal InnerLearning InnerOf(int block) => Inner with { OrderSeed = unchecked(Inner.OrderSeed + block) };

    /// <summary>What the mixer of block <paramref name="block"/> is made for.</summary>
    internal MixerShape MixerShapeOf(int block) => new(Width, Heads) { Inner = InnerOf(block), LocalMixing = LocalMixing, OutputGate = OutputGate, Block = block, Blocks = Depth };

    /// <summary>Everything that is wrong with this shape, in the words of its members.</summary>
    internal IEnumerable<string> Violations()
    {
        foreach (var violation in OptionCheck.Outside(Ranges()))
        {
            yield return violation;
        }

        foreach (var violation in OptionCheck.Undefined((nameof(Mixer), Mixer), (nameof(OtherMixer), OtherMixer), (nameof(LocalMixing), LocalMixing), (nameof(Pooling), Pooling)))
        {
            yield return violation;
        }

        foreach (var violation in Relations().Concat(UsedMixers().SelectMany(mixer => Inner.Violations(mixer, Tokens))).Distinct())
        {
            yield return violation;
        }
    }

    /// <summary>Throws one exception that names every violation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is impossible.</exception>
    internal void Validate(string parameterName) => OptionCheck.Throw(Violations(), parameterName);

    private static ModelShape Paper(int imageSize, int classes, int patchSize) => new()
    {
        ImageSize = imageSize,
        Classes = classes,
        PatchSize = patchSize,
        Depth = 12,
        Stem = ImageStem.Patch,
        Positions = PositionEncoding.SinCos
    };

    private long Tokens => PatchSize < 1 ? 0 : (long)(ImageSize / PatchSize) * (ImageSize / PatchSize);

    private IEnumerable<TokenMixer> UsedMixers() => Depth is < 1 or > 100 ? [] : Enumerable.Range(0, Depth).Select(MixerOf).Distinct();

    private (string Name, double? Value, double Low, double High)[] Ranges() =>
    [
        (nameof(ImageSize), ImageSize, 1, 4096), (nameof(Classes), Classes, 1, 1_000_000), (nameof(Channels), Channels, 1, 1024),
        (nameof(PatchSize), PatchSize, 1, 4096), (nameof(Width), Width, 1, 65536), (nameof(Depth), Depth, 1, 100),
        (nameof(Heads), Heads, 1, 1024), (nameof(MlpRatio), MlpRatio, 1, 64), (nameof(TunedStages), TunedStages, 0, ResNet18.Stages)
    ];

    private IEnumerable<string> Relations()
    {
        if (PatchSize >= 1 && ImageSize % PatchSize != 0)
        {
            yield return $"ImageSize must be a multiple of {(Backbone == ImageBackbone.None ? "PatchSize" : "the pixels between two places of the backbone")}; {ImageSize} is no multiple of {PatchSize}.";
        }

        if (Heads >= 1 && Width % Heads != 0)
        {
            yield return $"Width must be a multiple of Heads; {Width} is no multiple of {Heads}.";
        }

        if (Heads >= 1 && Width / Heads % 2 != 0 && UsedMixers().Contains(TokenMixer.GatedLinearAttention))
        {
            yield return $"Width must be an even multiple of Heads for the token mixer GatedLinearAttention, whose keys are half as wide as its values; it is {Width}, and Heads is {Heads}.";
        }

        if (Backbone == ImageBackbone.ResNet18 && (ImageSize < ResNet18.SmallestSide || PatchSize != ResNet18.Stride(ResNet18.Stages)))
        {
            yield return ImageSize < ResNet18.SmallestSide ? $"On ResNet18, ImageSize must be at least {ResNet18.SmallestSide}; it is {ImageSize}."
                : $"On ResNet18, PatchSize must be {ResNet18.Stride(ResNet18.Stages)}; it is {PatchSize}.";
        }

        if (Stem == ImageStem.Convolution && !BitOperations.IsPow2(PatchSize))
        {
            yield return $"PatchSize must be a power of two for the convolutional stem; it is {PatchSize}.";
        }

        if (Positions is PositionEncoding.SinCos or PositionEncoding.Learned && Width % 4 != 0)
        {
            yield return $"Width must be a multiple of 4 for sine-cosine and learned positions; it is {Width}.";
        }

        if (Depth >= 1 && MixerBlocks?.Where(block => block < 0 || block >= Depth).ToArray() is { Length: > 0 } outside)
        {
            yield return $"MixerBlocks names block {string.Join(", ", outside)}; the blocks of a model of depth {Depth} are 0 to {Depth - 1}.";
        }
    }
}
