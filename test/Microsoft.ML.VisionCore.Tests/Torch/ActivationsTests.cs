using System.Runtime.Intrinsics;
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
        var z = tensor(Points).requires_grad_(true);
        var (gelu, timesSlope) = Activations.TanhGeluAndSlope(z);
        var (silu, slope) = Activations.SiluAndSlope(z);
        TensorAssert.AreClose(autograd.grad([gelu.sum()], [z])[0].Mul(3), timesSlope(ones_like(z).Mul(3)), 1e-14, "slope of gelu");
        TensorAssert.AreClose(autograd.grad([silu.sum()], [z])[0], slope, 1e-14, "slope of silu");
    }

    // Of floats, and of so many that they are computed in one pass.
    [TestMethod]
    [DataRow(65_536)]
    [DataRow(70_001)]
    public void OfManyFloatsGeluItsSlopeAndTheirGradientsAreThoseOfFloat64(int count)
    {
        using var scope = NewDisposeScope();
        var (z, factor, weights) = (linspace(-12, 12, count, float32), linspace(-1, 3, count, float32), linspace(2, -1, count, float32));
        Assert.AreEqual(Vector256.IsHardwareAccelerated, TanhGelu.IsFaster(z));
        Assert.IsFalse(TanhGelu.IsFaster(z.to(float64)));
        foreach (var (one, other, what) in Results(float32).Zip(Results(float64), ["value", "slope", "gradient of the value", "gradient of the slope", "gradient of its factor"]))
        {
            // 1 - s keeps few digits where s is near 1: torch's own operations on floats are as far off as 7e-6.
            TensorAssert.AreClose(other, one, 1e-5, what);
        }

        using var detached = no_grad();
        TensorAssert.AreClose(Activations.TanhGelu(z.to(float64)), Activations.TanhGelu(z), 1e-7, "without gradients");

        Tensor[] Results(ScalarType type)
        {
            var (input, times) = (z.to(type).requires_grad_(), factor.to(type).requires_grad_());
            var (value, timesSlope) = Activations.TanhGeluAndSlope(input);
            var slope = timesSlope(times);
            var ofValue = autograd.grad([value.mul(weights.to(type)).sum()], [input], retain_graph: true)[0];
            return [value, slope, ofValue, .. autograd.grad([slope.mul(weights.to(type)).sum()], [input, times])];
        }
    }

    [TestMethod]
    public void OfTransposedNumbersGeluHasTheirOrder()
    {
        using var scope = NewDisposeScope();
        var z = linspace(-3, 3, 300 * 400, float32).view(300, 400);
        var transposed = z.t().contiguous().t();
        TensorAssert.AreClose(Activations.TanhGelu(z), Activations.TanhGelu(transposed), 0, "value");
        TensorAssert.AreClose(Activations.TanhGeluAndSlope(z).TimesSlope(z), Activations.TanhGeluAndSlope(transposed).TimesSlope(transposed), 0, "slope");
    }

    [TestMethod]
    public void FarFromZeroGeluIsItsLimit()
    {
        using var scope = NewDisposeScope();
        var z = cat([zeros(1 << 16), tensor([-1e20f, -1e10f, -30f, -0f, 1e-30f, 30f, 1e10f, 1e20f, float.NaN])]).requires_grad_();
        var (value, timesSlope) = Activations.TanhGeluAndSlope(z);
        var slope = timesSlope(ones_like(z));
        var curvature = autograd.grad([slope.sum()], [z])[0];
        AreClose([0, 0, 0, 0, 0, 30, 1e10f, 1e20f, float.NaN], value);
        AreClose([0, 0, 0, 0.5f, 0.5f, 1, 1, 1, float.NaN], slope);
        AreClose([0, 0, 0, 0.7978846f, 0.7978846f, 0, 0, 0, float.NaN], curvature);

        static void AreClose(float[] expected, Tensor found)
        {
            var numbers = found.detach()[TensorIndex.Slice(1 << 16)].data<float>().ToArray();
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], numbers[i], float.IsNaN(expected[i]) ? 0 : 1e-6f * Math.Max(1, Math.Abs(expected[i])), $"at {i}");
            }
        }
    }

    [TestMethod]
    public void InOnePassItLeavesNoTensors()
    {
        using var z = linspace(-3, 3, 1 << 17, float32).requires_grad_();
        TensorLedger.LeavesNothing(() =>
        {
            using var scope = NewDisposeScope();
            var (value, timesSlope) = Activations.TanhGeluAndSlope(z);
            _ = autograd.grad([timesSlope(value).sum()], [z]);
        }, times: 3);
    }
}
