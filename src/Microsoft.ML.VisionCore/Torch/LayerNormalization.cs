using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Layer normalisation over the last axis, [..., D] → [..., D], epsilon 1e-6.</summary>
internal sealed class LayerNormalization : Module<Tensor, Tensor>, IParameterOwner
{
    internal const double Epsilon = 1e-6;

    private readonly Parameter weight, bias;    // [D]
    private readonly long[] _width;

    internal LayerNormalization(long width)
        : base(nameof(LayerNormalization))
    {
        weight = Parameters.Ones(width);
        bias = Parameters.Zeros(width);
        _width = [width];
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => functional.layer_norm(x, _width, weight, bias, Epsilon);

    public ParameterKind KindOf(string field) => ParameterKind.Other;
}
