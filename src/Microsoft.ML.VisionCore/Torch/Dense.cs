using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>An affine map of the last axis, [..., in] → [..., out], whose start weights come from a seeded generator.</summary>
internal sealed class Dense : Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter bias;       // [out]

    private Dense(Parameter weight)
        : base(nameof(Dense))
    {
        this.weight = weight;
        bias = Parameters.Zeros(weight.shape[0]);
        RegisterComponents();
    }

    /// <summary>Weights uniform on ±sqrt(6 / (in + out)), biases 0; for a square map that is ±sqrt(3 / in).</summary>
    internal static Dense Xavier(Random random, long inputs, long outputs) =>
        new(Parameters.Xavier(random, inputs, outputs, outputs, inputs));

    /// <summary>All weights 0: a class head that starts without an opinion.</summary>
    internal static Dense ZeroHead(long inputs, long outputs) => new(Parameters.Zeros(outputs, inputs));

    public override Tensor forward(Tensor x) => functional.linear(x, weight, bias);
}
