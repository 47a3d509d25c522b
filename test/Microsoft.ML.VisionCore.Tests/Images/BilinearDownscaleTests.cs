using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class BilinearDownscaleTests
{
    [TestMethod]
    public void WeightsOfAHalvingAreAWidenedTriangle()
    {
        // 4 to 2: centres 1 and 3, reach 2; taps at distances 0.5, 0.5, 1.5, 2.5 weigh 3/4, 3/4, 1/4, 0
        var weights = BilinearDownscale.Weights(4, 2);
        float[] expected = [3 / 7f, 0, 3 / 7f, 1 / 7f, 1 / 7f, 3 / 7f, 0, 3 / 7f];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], weights[i], 1e-6);
        }
    }

    [TestMethod]
    public void ItEqualsTheSlowTwin()
    {
        using var scope = NewDisposeScope();
        using var downscale = new BilinearDownscale(8, 6, CPU);
        var images = TestTensors.Uniform(1, 2, 3, 8, 8);
        var actual = downscale.Apply(images).data<float>().ToArray();
        var pixels = images.data<float>().ToArray();
        var weights = BilinearDownscale.Weights(8, 6);

        for (var plane = 0; plane < 6; plane++)
        {
            for (var y = 0; y < 6; y++)
            {
                for (var x = 0; x < 6; x++)
                {
                    var sum = 0.0;
                    for (var i = 0; i < 64; i++)
                    {
                        sum += pixels[(plane * 64) + i] * weights[(i / 8 * 6) + y] * weights[(i % 8 * 6) + x];
                    }

                    Assert.AreEqual(sum, actual[(plane * 36) + (y * 6) + x], 1e-5);
                }
            }
        }
    }

    [TestMethod]
    public void AFlatImageStaysFlat()
    {
        using var scope = NewDisposeScope();
        using var downscale = new BilinearDownscale(32, 24, CPU);
        Assert.IsLessThan(1e-5, downscale.Apply(ones(1, 3, 32, 32)).Sub(1).abs().max().item<float>());
    }
}
