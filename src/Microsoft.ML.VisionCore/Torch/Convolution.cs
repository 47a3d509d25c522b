using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>A 2-D convolution, [B, C, S, S] → [B, C', S', S'], whose start weights come from a seeded generator:
/// uniform on ±1/sqrt(fan-in), weights and bias alike.</summary>
internal sealed class Convolution : Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in / groups, side, side]
    internal readonly Parameter? bias;      // [out]
    private readonly long[] _stride, _padding;
    private readonly long _groups;

    private Convolution(Random random, long inputs, long outputs, long side, long stride, long padding, long groups, bool biased)
        : base(nameof(Convolution))
    {
        double limit = 1 / Math.Sqrt(inputs / groups * side * side);
        weight = Parameters.Uniform(random, limit, outputs, inputs / groups, side, side);
        bias = biased ? Parameters.Uniform(random, limit, outputs) : null;
        _stride = [stride, stride];
        _padding = [padding, padding];
        _groups = groups;
        RegisterComponents();
    }

    /// <summary>3x3 with padding 1 and no bias; a batch normalisation follows.</summary>
    internal static Convolution Of3x3(Random random, long inputs, long outputs, long stride) =>
        new(random, inputs, outputs, 3, stride, 1, 1, biased: false);

    /// <summary>3x3 with bias.</summary>
    internal static Convolution Biased3x3(Random random, long inputs, long outputs, long stride, long padding) =>
        new(random, inputs, outputs, 3, stride, padding, 1, biased: true);

    /// <summary>3x3, one kernel a channel, with bias: the size stays.</summary>
    internal static Convolution DepthWise3x3(Random random, long channels) =>
        new(random, channels, channels, 3, 1, 1, channels, biased: true);

    /// <summary>Cuts the image into squares of <paramref name="side"/> and maps each to <paramref name="outputs"/> numbers.</summary>
    internal static Convolution Patches(Random random, long inputs, long outputs, long side) =>
        new(random, inputs, outputs, side, side, 0, 1, biased: true);

    public override Tensor forward(Tensor x) => functional.conv2d(x, weight, bias, _stride, _padding, null, _groups);
}
