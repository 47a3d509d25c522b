using TorchSharp.Modules;
using static TorchSharp.torch.nn;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>torch's own layers as the models here use them.</summary>
internal static class Layers
{
    /// <summary>Added to the variance in every layer normalisation.</summary>
    internal const double NormEpsilon = 1e-6;

    /// <summary>Layer normalisation over the last axis, [..., D] → [..., D]. Its parameters belong to no dispose scope: a model may be built inside one.</summary>
    internal static LayerNorm LayerNorm(long width)
    {
        var norm = nn.LayerNorm(width, NormEpsilon, dtype: float32);
        Parameters.Keep(norm.weight!);
        Parameters.Keep(norm.bias!);
        return norm;
    }

    /// <summary>The last axis divided by its root mean square, without weights: [..., D] → [..., D].</summary>
    internal static Tensor RootMeanSquare(Tensor x) => x.mul(x.Square().mean([-1], keepdim: true).Add(NormEpsilon).rsqrt());
}

/// <summary>An affine map of the last axis, [..., in] → [..., out], whose start weights come from a seeded generator.</summary>
internal sealed class Dense : Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter bias;       // [out]

    private Dense(Parameter weight)
        : base(nameof(Dense))
    {
        this.weight = weight;
        bias = Parameters.Zeros(weight.size(0));
        RegisterComponents();
    }

    /// <summary>Weights uniform on ±sqrt(6 / (in + out)), biases 0; for a square map that is ±sqrt(3 / in).</summary>
    internal static Dense Xavier(Random random, long inputs, long outputs) =>
        new(Parameters.Xavier(random, inputs, outputs, outputs, inputs));

    /// <summary>All weights 0: a class head that starts without an opinion.</summary>
    internal static Dense ZeroHead(long inputs, long outputs) => new(Parameters.Zeros(outputs, inputs));

    public override Tensor forward(Tensor x) => DirectConvolution.LinearIsFaster(x, weight.size(0)) ? DirectConvolution.Linear(x, weight, bias) : functional.linear(x, weight, bias);
}

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

    /// <summary>One kernel a channel, of an odd side, with bias: the size stays.</summary>
    internal static Convolution DepthWise(Random random, long channels, long side) =>
        new(random, channels, channels, side, 1, side / 2, channels, biased: true);

    /// <summary>Cuts the image into squares of <paramref name="side"/> and maps each to <paramref name="outputs"/> numbers.</summary>
    internal static Convolution Patches(Random random, long inputs, long outputs, long side) =>
        new(random, inputs, outputs, side, side, 0, 1, biased: true);

    public override Tensor forward(Tensor x) => !DirectConvolution.IsFaster(x, weight.size(0)) ? functional.conv2d(x, weight, bias, _stride, _padding, null, _groups)
        : _groups == 1 ? DirectConvolution.Convolve(x, weight, bias, (int)_stride[0], (int)_padding[0])
        : DepthWiseConvolution.Call(x, weight, bias!);
}

/// <summary>Batch normalisation of the channels of [B, C, S, S]: the batch's statistics in training, running ones in scoring.</summary>
internal sealed class BatchNormalization : Module<Tensor, Tensor>, IBatchStatistics
{
    internal const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    private readonly Parameter weight, bias;                // [C]
    private readonly Tensor running_mean, running_var;      // [C], saved with the weights

    internal BatchNormalization(long channels)
        : base(nameof(BatchNormalization))
    {
        weight = Parameters.Ones(channels);
        bias = Parameters.Zeros(channels);
        running_mean = Parameters.ZeroBuffer(channels);
        running_var = Parameters.OneBuffer(channels);
        RegisterComponents();
    }

    public Team Team { get; set; } = Team.Alone;

    public override Tensor forward(Tensor x) => training && !Team.IsAlone
        ? Team.Normalize(x, running_mean, running_var, weight, bias, Momentum, Epsilon)
        : functional.batch_norm(x, running_mean, running_var, weight, bias, training, Momentum, Epsilon);
}
