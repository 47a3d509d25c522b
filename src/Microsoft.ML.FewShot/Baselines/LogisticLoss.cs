namespace Microsoft.ML.FewShot.Baselines;

/// <summary>
/// The penalised loss of multinomial logistic regression, with its gradient:
/// mean over the samples of -log Σ p over the sample's candidate classes, plus λ/2 · |weights|². The biases are free.
/// With one candidate a sample this is the cross-entropy.
/// </summary>
/// <param name="features">[N, R].</param>
/// <param name="candidates">[N, W]: above 0 where the class is possible for the sample.</param>
/// <param name="samples">N.</param>
/// <param name="ways">W.</param>
/// <param name="penalty">λ.</param>
internal sealed class LogisticLoss(double[] features, double[] candidates, int samples, int ways, double penalty)
{
    private readonly int _width = features.Length / samples;
    private readonly double[] _scores = new double[samples * ways];

    /// <summary>The numbers of a point: weights [R, W], then biases [W].</summary>
    internal int Size => (_width + 1) * ways;

    /// <summary>Value and gradient at a point.</summary>
    internal double At(double[] point, double[] gradient)
    {
        var weights = point.AsSpan(0, _width * ways);
        var value = penalty / 2 * DoubleVectors.Dot(weights, weights);
        Array.Clear(gradient);
        DoubleVectors.Add(gradient.AsSpan(0, weights.Length), weights, penalty);
        Score(point);
        for (var i = 0; i < samples; i++)
        {
            var residual = _scores.AsSpan(i * ways, ways);
            value += Residual(residual, candidates.AsSpan(i * ways, ways)) / samples;
            for (var f = 0; f < _width; f++)
            {
                DoubleVectors.Add(gradient.AsSpan(f * ways, ways), residual, features[(i * _width) + f] / samples);
            }

            DoubleVectors.Add(gradient.AsSpan(_width * ways), residual, 1.0 / samples);
        }

        return value;
    }

    private void Score(double[] point)
    {
        for (var i = 0; i < samples; i++)
        {
            var score = _scores.AsSpan(i * ways, ways);
            point.AsSpan(_width * ways).CopyTo(score);
            for (var f = 0; f < _width; f++)
            {
                DoubleVectors.Add(score, point.AsSpan(f * ways, ways), features[(i * _width) + f]);
            }
        }
    }

    /// <summary>Turns the scores of a sample into p - p given the candidates; returns its loss.</summary>
    private static double Residual(Span<double> scores, ReadOnlySpan<double> possible)
    {
        var (highest, highestPossible) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var c = 0; c < scores.Length; c++)
        {
            highest = Math.Max(highest, scores[c]);
            highestPossible = possible[c] > 0 ? Math.Max(highestPossible, scores[c]) : highestPossible;
        }

        var (all, some) = (0.0, 0.0);
        for (var c = 0; c < scores.Length; c++)
        {
            all += Math.Exp(scores[c] - highest);
            some += possible[c] > 0 ? Math.Exp(scores[c] - highestPossible) : 0;
        }

        for (var c = 0; c < scores.Length; c++)
        {
            var wanted = possible[c] > 0 ? Math.Exp(scores[c] - highestPossible) / some : 0;
            scores[c] = (Math.Exp(scores[c] - highest) / all) - wanted;
        }

        return highest + Math.Log(all) - highestPossible - Math.Log(some);
    }
}
