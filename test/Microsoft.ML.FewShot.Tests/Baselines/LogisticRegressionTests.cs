using Microsoft.ML.FewShot.Baselines;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Baselines;

/// <summary>The optimum that logistic regression claims to find.</summary>
[TestClass]
public class LogisticRegressionTests
{
    [TestMethod]
    public void TwoOpposedPointsHaveTheKnownClosedForm()
    {
        // Samples ±x, one a class. By symmetry the weights are ±v·x/|x|, the biases equal, and with m = 2·v·|x| the gradient is zero where
        // m·(1 + exp(m)) = 2·|x|²/λ. λ is chosen so that m = 1.
        using var scope = NewDisposeScope();
        var penalty = 2 * 25 / (1 + Math.E);

        var fit = LogisticRegression.Fit(Matrix([3, 4, -3, -4], 2), Matrix([1, 0, 0, 1], 2), penalty);

        AreClose(Matrix([0.06, -0.06, 0.08, -0.08], 2), fit.Weight, 1e-8);
        AreClose(fit.Bias[0], fit.Bias[1], 1e-8);
    }

    [TestMethod]
    public void TheGradientAtTheEndIsZero()
    {
        foreach (var (samples, width, ways, penalty) in new[] { (20, 72, 20, 0.05), (100, 72, 20, 0.01), (25, 288, 5, 1e-4), (6, 2, 3, 1.0) })
        {
            using var scope = NewDisposeScope();
            var (features, candidates) = Draw(samples, width, ways);

            var fit = LogisticRegression.Fit(features, candidates, penalty);

            Assert.IsTrue(fit.GradientLength <= LogisticRegression.Tolerance, $"{samples} samples: {fit.GradientLength:G3}");
            Assert.IsTrue(GradientLength(fit.Weight, fit.Bias, features, candidates, penalty) <= 2e-5, $"{samples} samples, on the features themselves");
        }
    }

    [TestMethod]
    public void FewerSamplesThanFeaturesGiveWhatTheFeaturesThemselvesGive()
    {
        using var scope = NewDisposeScope();
        var (features, candidates) = Draw(8, 12, 4);
        var loss = new LogisticLoss(features, candidates, 0.1);
        var point = new double[loss.Size];
        new QuasiNewton().Minimize(loss.At, point, 1e-10);

        var fit = LogisticRegression.Fit(features, candidates, 0.1);

        AreClose(Matrix(point, 4).narrow(0, 0, 12), fit.Weight, 1e-6);
    }

    [TestMethod]
    public void ARepeatedSampleCountsTwice()
    {
        using var scope = NewDisposeScope();
        var (features, candidates) = Draw(4, 9, 2);

        var once = LogisticRegression.Fit(features, candidates, 0.1);
        var repeated = LogisticRegression.Fit(cat([features, features], 0), cat([candidates, candidates], 0), 0.1);

        AreClose(once.Weight, repeated.Weight, 1e-5);
    }

    [TestMethod]
    public void ASampleThatMayBeAnyClassChangesNothingButTheWeightOfThePenalty()
    {
        using var scope = NewDisposeScope();
        var (features, candidates) = Draw(6, 3, 3);

        var without = LogisticRegression.Fit(features, candidates, 0.7);
        var with = LogisticRegression.Fit(cat([features, Matrix([5, -7, 9], 3)], 0), cat([candidates, Matrix([1, 1, 1], 3)], 0), 0.6);

        AreClose(without.Weight, with.Weight, 1e-6);
    }

    [TestMethod]
    public void TheLossHasTheGradientOfItsDifferences()
    {
        using var scope = NewDisposeScope();
        var (features, candidates) = Draw(5, 4, 3);
        candidates[0, 1] = 1;
        candidates[1, 0] = 1;
        var loss = new LogisticLoss(features, candidates, 0.3);
        var random = new Random(7);
        var point = Enumerable.Range(0, loss.Size).Select(_ => random.NextDouble() - 0.5).ToArray();
        var (gradient, unused) = (new double[loss.Size], new double[loss.Size]);
        loss.At(point, gradient);

        for (var i = 0; i < point.Length; i++)
        {
            var (up, down) = ((double[])point.Clone(), (double[])point.Clone());
            up[i] += 1e-6;
            down[i] -= 1e-6;
            Assert.AreEqual((loss.At(up, unused) - loss.At(down, unused)) / 2e-6, gradient[i], 1e-8, $"number {i}");
        }
    }

    // [N, F] in (-1, 1), and [N, W] with one class a sample in turn.
    private static (Tensor Features, Tensor Candidates) Draw(int samples, int width, int ways)
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, samples * width).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
        var candidates = new double[samples * ways];
        for (var i = 0; i < samples; i++)
        {
            candidates[(i * ways) + (i % ways)] = 1;
        }

        return (Matrix(features, width), Matrix(candidates, ways));
    }

    private static Tensor Matrix(double[] values, int columns) => tensor(values).view(-1, columns);

    private static void AreClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.IsLessThanOrEqualTo(tolerance, expected.sub(actual).abs().max().item<double>());

    private static double GradientLength(Tensor weight, Tensor bias, Tensor features, Tensor candidates, double penalty)
    {
        var loss = new LogisticLoss(features, candidates, penalty);
        var gradient = new double[loss.Size];
        loss.At(cat([weight, bias.unsqueeze(0)], 0).data<double>().ToArray(), gradient);
        return Math.Sqrt(gradient.Sum(number => number * number));
    }
}
