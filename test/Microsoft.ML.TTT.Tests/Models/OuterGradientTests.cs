using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Tests.Models.Reference;
using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Models;

/// <summary>The gradient that the outer training sees through the closed form of the inner step, against independent ones.</summary>
[TestClass]
public class OuterGradientTests
{
    private const int B = 2, N = 9, D = MixerCases.Width;

    [TestMethod]
    public void ClosedFormGivesTheGradientsOfNestedAutograd()
    {
        var cases = MixerCases.TestTimeTraining().Append(("ViT3", TokenMixer.ViT3, new InnerLearning()));
        foreach (var (name, mixer, inner) in cases)
        {
            foreach (bool gram in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                using var module = MixerCases.Create(mixer, inner, gram);
                var x = MixerCases.Noise(new Random(5), 1, B, N, D).requires_grad_(true);
                var weights = MixerCases.Noise(new Random(6), 1, B, N, D);
                var names = module.named_parameters().Select(entry => entry.name).Append("x").ToArray();
                Tensor[] inputs = [.. module.parameters(), x];

                var closed = module.call(x);
                var nested = new NestedAutograd(module, mixer, inner, MixerCases.HeadCount).Forward(x);
                TensorAssert.AreClose(nested, closed, 1e-11, $"{name} gram={gram}: output");
                var expected = autograd.grad([nested.mul(weights).sum()], inputs, retain_graph: true);
                var actual = autograd.grad([closed.mul(weights).sum()], inputs);
                for (int i = 0; i < inputs.Length; i++)
                {
                    TensorAssert.AreClose(expected[i], actual[i], 1e-9, $"{name} gram={gram}: d {names[i]}");
                }
            }
        }
    }

    [TestMethod]
    public void GradientsAgreeWithCentralDifferencesForEveryMixer()
    {
        foreach (var (name, mixer, inner) in MixerCases.All())
        {
            using var scope = NewDisposeScope();
            using var module = MixerCases.Create(mixer, inner);
            var weights = MixerCases.Noise(new Random(6), 1, B, N, D);
            var x = MixerCases.Noise(new Random(5), 1, B, N, D).requires_grad_(true);
            Tensor[] inputs = [.. module.parameters(), x];
            var gradients = autograd.grad([module.call(x).mul(weights).sum()], inputs);

            // One random direction through all parameters and the tokens at once.
            using var none = no_grad();
            var random = new Random(8);
            var direction = inputs.Select(input => MixerCases.Noise(random, 1, input.shape)).ToArray();
            double slope = gradients.Zip(direction, (gradient, step) => gradient.mul(step).sum().item<double>()).Sum();
            double At(double h)
            {
                for (int i = 0; i < inputs.Length; i++)
                {
                    inputs[i].Add_(direction[i].Mul(h));
                }

                return module.call(x).mul(weights).sum().item<double>();
            }

            const double h = 1e-5;
            double difference = (At(h) - At(-2 * h)) / (2 * h);
            // The truncation error is about h² and the rounding error about 1e-16 / h.
            Assert.AreEqual(difference, slope, 1e-6 * Math.Max(1, Math.Abs(slope)), name);
        }
    }
}
