using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Training;

[TestClass]
public sealed class NewtonSchulzTests
{
    [TestMethod]
    [DataRow(16, 16)]
    [DataRow(24, 8)]
    [DataRow(8, 24)]
    public void SingularValuesComeNearOne(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var matrices = TestTensors.Uniform(1, 3, rows, columns);
        var result = NewtonSchulz.Orthogonalize(matrices).to(float64);
        var gram = rows <= columns ? result.bmm(result.transpose(1, 2)) : result.transpose(1, 2).bmm(result);

        // All eigenvalues of the Gram matrix lie in [low, high] iff (gram - low) and (high - gram) keep every vector's form positive;
        // power iteration on the shifted matrix finds the extreme ones.
        var side = Math.Min(rows, columns);
        var highest = LargestEigenvalue(gram);
        var lowest = LargestEigenvalue(eye(side, dtype: float64).Mul(2).sub(gram)).neg().Add(2);
        Assert.IsLessThan(1.25 * 1.25, highest.max().item<double>());
        Assert.IsGreaterThan(0.5 * 0.5, lowest.min().item<double>());
    }

    [TestMethod]
    public void OneStepIsThePolynomialOfTheNormalisedMatrix()
    {
        using var scope = NewDisposeScope();
        var matrix = tensor(new float[] { 3, 0, 0, 4 }, [1, 2, 2]);        // norm 5: singular values 0.6 and 0.8
        var values = NewtonSchulz.Orthogonalize(matrix, steps: 1).data<float>().ToArray();

        Assert.AreEqual(Polynomial(0.6), values[0], 1e-5);
        Assert.AreEqual(Polynomial(0.8), values[3], 1e-5);
        Assert.AreEqual(0, values[1], 1e-6);
    }

    [TestMethod]
    public void AZeroGradientMovesNothing()
    {
        using var scope = NewDisposeScope();
        Assert.AreEqual(0, NewtonSchulz.Orthogonalize(zeros(2, 3, 4)).abs().max().item<float>());
    }

    private static double Polynomial(double x) => (3.4445 * x) - (4.7750 * Math.Pow(x, 3)) + (2.0315 * Math.Pow(x, 5));

    private static Tensor LargestEigenvalue(Tensor matrices)
    {
        var vectors = TestTensors.Uniform(2, matrices.shape[0], matrices.shape[1], 1).to(float64);
        for (var i = 0; i < 2000; i++)
        {
            vectors = matrices.bmm(vectors);
            vectors = vectors / vectors.Square().sum(1, keepdim: true).sqrt();
        }

        return vectors.mul(matrices.bmm(vectors)).sum(1);
    }
}
