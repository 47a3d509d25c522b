using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.TTT.Onnx;

/// <summary>The activations of inner models in a graph; see <see cref="Activations"/>.</summary>
internal static class OnnxActivations
{
    /// <summary>The tanh approximation of GELU, and its derivative for those who want it.</summary>
    public static (OnnxValue Value, Func<OnnxValue> Slope) TanhGeluAndSlope(OnnxValue z)
    {
        var square = z * z;
        var s = ((square * (Activations.TwiceC * Activations.Cubic) + Activations.TwiceC) * z).Sigmoid();
        var value = z * s;
        return (value, () => (value - value * s) * (square * (3 * Activations.TwiceC * Activations.Cubic) + Activations.TwiceC) + s);
    }

    /// <summary>SiLU and its derivative.</summary>
    public static (OnnxValue Value, OnnxValue Slope) SiluAndSlope(OnnxValue z)
    {
        var s = z.Sigmoid();
        var value = z * s;
        return (value, s + value - value * s);
    }
}
