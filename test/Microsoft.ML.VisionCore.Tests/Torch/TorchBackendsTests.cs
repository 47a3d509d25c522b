using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public sealed class TorchBackendsTests
{
    // Whichever library computes them on this machine. What is wrong is wrong by as much as the numbers themselves.
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 1)]
    [DataRow(3, 2)]
    [DataRow(5, 1)]
    public void ConvolutionsAndTheirGradientsAreThoseOfFloat64(int kernel, int stride)
    {
        foreach (var inputs in (int[])[1, 3, 8, 16, 17, 20, 33, 64])
        {
            foreach (var outputs in (int[])[1, 4, 12, 16, 20, 31, 48])
            {
                using var scope = NewDisposeScope();
                var (x, w) = (TestTensors.Uniform(1, 4, inputs, 9, 9).to(float64), TestTensors.Uniform(2, outputs, inputs, kernel, kernel).to(float64));
                var (single, exact) = (Convolve(x.to(float32), w.to(float32)), Convolve(x, w));
                for (var i = 0; i < exact.Length; i++)
                {
                    TensorAssert.AreClose(exact[i], single[i].to(float64), 1e-4, $"{inputs} to {outputs} channels, {i switch { 0 => "outputs", 1 => "gradient of the inputs", _ => "gradient of the weights" }}");
                }
            }
        }

        Tensor[] Convolve(Tensor x, Tensor w)
        {
            (x, w) = (x.detach().requires_grad_(), w.detach().requires_grad_());
            var y = nn.functional.conv2d(x, w, null, [stride, stride], [kernel / 2, kernel / 2], null, 1);
            return [y.detach(), .. autograd.grad([y], [x, w], [ones_like(y)])];
        }
    }

    [TestMethod]
    public void TheCheckItselfLeavesNoTensors() => TensorLedger.LeavesNothing(() => Assert.IsTrue(TorchBackends.IsRight()), times: 3);
}
