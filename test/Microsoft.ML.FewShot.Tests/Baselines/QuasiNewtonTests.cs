using Microsoft.ML.FewShot.Baselines;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>The minimizer on functions whose minimum is known.</summary>
[TestClass]
public class QuasiNewtonTests
{
    [TestMethod]
    public void AnIllConditionedQuadraticIsMinimizedToRounding()
    {
        // Σ k²·(x - 1)², condition number 2,500.
        static double Bowl(double[] x, double[] gradient)
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                double k = (i + 1) * (i + 1), d = x[i] - 1;
                sum += k * d * d;
                gradient[i] = 2 * k * d;
            }

            return sum;
        }

        var point = new double[50];
        var slope = new QuasiNewton().Minimize(Bowl, point, 1e-9);

        Assert.IsLessThanOrEqualTo(1e-9, slope);
        Assert.IsTrue(point.All(x => Math.Abs(x - 1) < 1e-9));
    }

    [TestMethod]
    public void AStartAtTheMinimumStays()
    {
        double[] point = [0];
        var slope = new QuasiNewton().Minimize((x, gradient) => { gradient[0] = 2 * x[0]; return x[0] * x[0]; }, point, 1e-12);
        Assert.AreEqual(0, slope);
        Assert.AreEqual(0, point[0]);
    }
}
