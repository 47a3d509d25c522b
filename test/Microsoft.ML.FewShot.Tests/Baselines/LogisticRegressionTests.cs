using Microsoft.ML.FewShot.Baselines;

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
        double[] x = [3, 4];
        var penalty = 2 * 25 / (1 + Math.E);

        var fit = LogisticRegression.Fit([.. x, -3, -4], [1, 0, 0, 1], samples: 2, ways: 2, penalty);

        double[] expected = [0.06, 0.08, -0.06, -0.08];
        for (var i = 0; i < 4; i++)
        {
            Assert.AreEqual(expected[i], fit.Weight[i], 1e-8, $"weight {i}");
        }

        Assert.AreEqual(fit.Bias[0], fit.Bias[1], 1e-8);
    }

    [TestMethod]
    public void TheGradientAtTheEndIsZero()
    {
        foreach (var (samples, width, ways, penalty) in new[] { (20, 72, 20, 0.05), (100, 72, 20, 0.01), (25, 288, 5, 1e-4), (6, 2, 3, 1.0) })
        {
            var (features, candidates) = Draw(samples, width, ways);

            var fit = LogisticRegression.Fit(features, candidates, samples, ways, penalty);

            Assert.IsTrue(fit.GradientLength <= LogisticRegression.Tolerance, $"{samples} samples: {fit.GradientLength:G3}");
            Assert.IsTrue(GradientLength(fit, features, candidates, samples, ways, penalty) <= 2e-5, $"{samples} samples, on the features themselves");
        }
    }

    [TestMethod]
    public void FewerSamplesThanFeaturesGiveWhatTheFeaturesThemselvesGive()
    {
        var (features, candidates) = Draw(8, 12, 4);
        var loss = new LogisticLoss(features, candidates, 8, 4, 0.1);
        var point = new double[loss.Size];
        new QuasiNewton().Minimise(loss.At, point, 1e-10);

        var fit = LogisticRegression.Fit(features, candidates, 8, 4, 0.1);

        for (var f = 0; f < 12; f++)
        {
            for (var c = 0; c < 4; c++)
            {
                Assert.AreEqual(point[(f * 4) + c], fit.Weight[(c * 12) + f], 1e-6);
            }
        }
    }

    [TestMethod]
    public void ARepeatedSampleCountsTwice()
    {
        var (features, candidates) = Draw(4, 9, 2);
        double[] twice = [.. features, .. features], twiceCandidates = [.. candidates, .. candidates];

        var once = LogisticRegression.Fit(features, candidates, 4, 2, 0.1);
        var repeated = LogisticRegression.Fit(twice, twiceCandidates, 8, 2, 0.1);

        for (var i = 0; i < once.Weight.Length; i++)
        {
            Assert.AreEqual(once.Weight[i], repeated.Weight[i], 1e-5);
        }
    }

    [TestMethod]
    public void ASampleThatMayBeAnyClassChangesNothingButTheWeightOfThePenalty()
    {
        var (features, candidates) = Draw(6, 3, 3);
        double[] more = [.. features, 5, -7, 9], moreCandidates = [.. candidates, 1, 1, 1];

        var without = LogisticRegression.Fit(features, candidates, 6, 3, 0.7);
        var with = LogisticRegression.Fit(more, moreCandidates, 7, 3, 0.6);

        for (var i = 0; i < without.Weight.Length; i++)
        {
            Assert.AreEqual(without.Weight[i], with.Weight[i], 1e-6);
        }
    }

    [TestMethod]
    public void TheLossHasTheGradientOfItsDifferences()
    {
        var (features, candidates) = Draw(5, 4, 3);
        candidates[1] = 1;
        candidates[3] = 1;
        var loss = new LogisticLoss(features, candidates, 5, 3, 0.3);
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

    private static (double[] Features, double[] Candidates) Draw(int samples, int width, int ways)
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, samples * width).Select(_ => (2 * random.NextDouble()) - 1).ToArray();
        var candidates = new double[samples * ways];
        for (var i = 0; i < samples; i++)
        {
            candidates[(i * ways) + (i % ways)] = 1;
        }

        return (features, candidates);
    }

    private static double GradientLength(LogisticFit fit, double[] features, double[] candidates, int samples, int ways, double penalty)
    {
        var width = features.Length / samples;
        var loss = new LogisticLoss(features, candidates, samples, ways, penalty);
        var (point, gradient) = (new double[loss.Size], new double[loss.Size]);
        for (var c = 0; c < ways; c++)
        {
            for (var f = 0; f < width; f++)
            {
                point[(f * ways) + c] = fit.Weight[(c * width) + f];
            }

            point[(width * ways) + c] = fit.Bias[c];
        }

        loss.At(point, gradient);
        return DoubleVectors.Length(gradient);
    }
}
