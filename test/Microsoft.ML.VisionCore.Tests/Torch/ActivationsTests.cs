using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public class ActivationsTests
{
    private static readonly double[] Points = [-6, -1.5, -0.3, 0, 0.2, 1, 2.5, 7];

    [TestMethod]
    public void TanhGeluIsTheTanhApproximation()
    {
        using var scope = NewDisposeScope();
        double[] expected = [.. Points.Select(z => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))))];
        TensorAssert.AreClose(tensor(expected), Activations.TanhGelu(tensor(Points)), 1e-15, "gelu");
        TensorAssert.AreClose(tensor(expected), Activations.TanhGeluAndSlope(tensor(Points)).Value, 1e-15, "gelu with slope");
    }

    [TestMethod]
    public void SlopesAreTheDerivatives()
    {
        using var scope = NewDisposeScope();
        foreach (var activation in new Func<Tensor, (Tensor Value, Tensor Slope)>[] { Activations.TanhGeluAndSlope, Activations.SiluAndSlope })
        {
            var z = tensor(Points).requires_grad_(true);
            var (value, slope) = activation(z);
            TensorAssert.AreClose(autograd.grad([value.sum()], [z])[0], slope, 1e-14, "slope");
        }
    }
}
