using TorchSharp.Modules;
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
        norm.weight!.DetachFromDisposeScope();
        norm.bias!.DetachFromDisposeScope();
        return norm;
    }
}
