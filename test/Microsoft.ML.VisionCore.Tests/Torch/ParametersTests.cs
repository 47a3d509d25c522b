using Microsoft.ML.VisionCore.Torch;
using MLExtensions.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Torch;

[TestClass]
public class ParametersTests
{
    [TestMethod]
    public void UniformFillsItsIntervalAndNothingBeyond()
    {
        using var parameter = Parameters.Uniform(new Random(1), 0.25, 100, 100);
        var values = TensorAssert.ToArray(parameter);
        Assert.IsLessThanOrEqualTo(0.25, values.Max(Math.Abs));
        // The mean square of a uniform on ±0.25 is 0.0208; 10,000 draws put it within 2 %.
        Assert.AreEqual(0.25 * 0.25 / 3, values.Average(value => value * value), 0.0005);
    }

    [TestMethod]
    public void TruncatedNormalStaysWithinTwoDeviations()
    {
        using var parameter = Parameters.TruncatedNormal(new Random(1), 0.02, 100, 100);
        var values = TensorAssert.ToArray(parameter);
        Assert.IsLessThanOrEqualTo(0.04 + 1e-9, values.Max(Math.Abs));
        // Cut at two deviations the deviation is 0.88 of the whole normal's.
        Assert.AreEqual(0.88 * 0.02, Math.Sqrt(values.Average(value => value * value)), 0.0004);
    }

    [TestMethod]
    public void ParametersOutliveTheScopeTheyWereMadeIn()
    {
        TorchSharp.Modules.Parameter parameter;
        using (NewDisposeScope())
        {
            parameter = Parameters.Ones(2);
        }

        Assert.AreEqual(2.0, TensorAssert.ToArray(parameter).Sum());
        parameter.Dispose();
    }
}
