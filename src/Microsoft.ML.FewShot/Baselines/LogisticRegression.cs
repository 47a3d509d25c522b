namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Multinomial logistic regression with an L2 penalty on the weights, fitted to its optimum.</summary>
internal static class LogisticRegression
{
    /// <summary>Where the search ends: the length of the gradient of a loss that is about 1.</summary>
    internal const double Tolerance = 1e-7;

    /// <summary>Fits the classifier.</summary>
    /// <param name="features">[N, F].</param>
    /// <param name="candidates">[N, W]: above 0 where the class is possible for the sample.</param>
    /// <param name="samples">N, at least 1.</param>
    /// <param name="ways">W, at least 1.</param>
    /// <param name="penalty">λ of <see cref="LogisticLoss"/>, above 0.</param>
    internal static LogisticFit Fit(double[] features, double[] candidates, int samples, int ways, double penalty)
    {
        var width = features.Length / samples;
        // The loss and the penalty depend on inner products alone, so fewer samples than features need only that many coordinates.
        var factor = samples < width ? Cholesky(features, samples) : null;
        var loss = new LogisticLoss(factor ?? features, candidates, samples, ways, penalty);
        var point = new double[loss.Size];
        var slope = new QuasiNewton().Minimise(loss.At, point, Tolerance);
        var bias = point[^ways..];
        var weights = point[..^ways];
        return new LogisticFit(Transposed(factor is null ? weights : Expand(features, factor, weights, samples, ways), ways), bias, slope);
    }

    /// <summary>L with L·Lᵀ = features · featuresᵀ, [N, N]; a repeated sample adds a rounding error to the diagonal.</summary>
    private static double[] Cholesky(double[] features, int n)
    {
        var width = features.Length / n;
        var l = new double[n * n];
        var trace = 0.0;
        for (var i = 0; i < n; i++)
        {
            var row = features.AsSpan(i * width, width);
            for (var j = 0; j <= i; j++)
            {
                l[(i * n) + j] = DoubleVectors.Dot(row, features.AsSpan(j * width, width));
            }

            trace += l[(i * n) + i];
        }

        var least = 1e-12 * Math.Max(trace / n, double.Epsilon);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
            {
                l[(i * n) + j] = (l[(i * n) + j] - DoubleVectors.Dot(l.AsSpan(i * n, j), l.AsSpan(j * n, j))) / l[(j * n) + j];
            }

            var own = l.AsSpan(i * n, i);
            l[(i * n) + i] = Math.Sqrt(Math.Max(least, l[(i * n) + i] - DoubleVectors.Dot(own, own)));
        }

        return l;
    }

    /// <summary>Weights in the coordinates of <paramref name="factor"/>, [N, W] → weights on the features, [F, W]: featuresᵀ · L⁻ᵀ · weights.</summary>
    private static double[] Expand(double[] features, double[] factor, double[] weights, int n, int ways)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            var row = weights.AsSpan(i * ways, ways);
            for (var j = i + 1; j < n; j++)
            {
                DoubleVectors.Add(row, weights.AsSpan(j * ways, ways), -factor[(j * n) + i]);
            }

            for (var c = 0; c < ways; c++)
            {
                row[c] /= factor[(i * n) + i];
            }
        }

        var width = features.Length / n;
        var expanded = new double[width * ways];
        for (var i = 0; i < n; i++)
        {
            for (var f = 0; f < width; f++)
            {
                DoubleVectors.Add(expanded.AsSpan(f * ways, ways), weights.AsSpan(i * ways, ways), features[(i * width) + f]);
            }
        }

        return expanded;
    }

    /// <summary>[R, W] → [W, R].</summary>
    private static double[] Transposed(double[] matrix, int columns)
    {
        var rows = matrix.Length / columns;
        var transposed = new double[matrix.Length];
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                transposed[(c * rows) + r] = matrix[(r * columns) + c];
            }
        }

        return transposed;
    }
}
