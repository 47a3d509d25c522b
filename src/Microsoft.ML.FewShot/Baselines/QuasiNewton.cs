using static Microsoft.ML.FewShot.Baselines.DoubleVectors;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Minimises a smooth convex function by limited-memory BFGS, in float64 and without randomness.</summary>
/// <param name="memory">The former steps that shape the next one.</param>
/// <param name="maximalSteps">Where to stop at the latest.</param>
internal sealed class QuasiNewton(int memory = 10, int maximalSteps = 500)
{
    private const double SufficientDecrease = 1e-4;
    private const int MaximalHalvings = 40;

    private readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];

    /// <summary>Value at a point; the gradient is written to the second argument.</summary>
    internal delegate double Function(double[] point, double[] gradient);

    /// <summary>Moves <paramref name="point"/> until the gradient's Euclidean length is at most <paramref name="tolerance"/>.</summary>
    /// <returns>The length of the gradient at the end; above <paramref name="tolerance"/> where rounding or the number of steps ended the search.</returns>
    internal double Minimise(Function function, double[] point, double tolerance)
    {
        _pairs.Clear();
        var gradient = new double[point.Length];
        var value = function(point, gradient);
        for (var step = 0; step < maximalSteps && Length(gradient) > tolerance; step++)
        {
            var direction = Direction(gradient);
            // Until the curvature is known, a step is as long as the gradient is, and at most 1.
            var length = _pairs.Count > 0 ? 1 : Math.Min(1, 1 / Length(gradient));
            if (Search(function, point, value, gradient, direction, length) is not { } found)
            {
                break;
            }

            Remember(point, gradient, found);
            (value, gradient) = (found.Value, found.Gradient);
            found.Point.CopyTo(point, 0);
        }

        return Length(gradient);
    }

    /// <summary>Halves the step until the function falls enough; null where rounding hides any fall.</summary>
    private static Place? Search(Function function, double[] point, double value, double[] gradient, double[] direction, double length)
    {
        var slope = Dot(gradient, direction);
        // Near the optimum a fall is below the rounding of the value itself; there the gradient decides.
        var rounding = 1e-14 * Math.Max(1, Math.Abs(value));
        for (var i = 0; i < MaximalHalvings; i++, length /= 2)
        {
            var place = (double[])point.Clone();
            Add(place, direction, length);
            var there = new double[point.Length];
            var reached = function(place, there);
            var fall = value - reached;
            if (fall >= -SufficientDecrease * length * slope || (Math.Abs(fall) <= rounding && Math.Abs(Dot(there, direction)) < Math.Abs(slope)))
            {
                return new Place(place, there, reached);
            }
        }

        return null;
    }

    private void Remember(double[] point, double[] gradient, Place next)
    {
        var step = Difference(next.Point, point);
        var change = Difference(next.Gradient, gradient);
        var product = Dot(step, change);
        // Curvature that is lost in rounding would spoil the estimate.
        if (product <= 1e-14 * Length(step) * Length(change))
        {
            return;
        }

        if (_pairs.Count == memory)
        {
            _pairs.RemoveAt(0);
        }

        _pairs.Add((step, change, product));
    }

    /// <summary>Minus the estimated inverse Hessian times the gradient, by the two-loop recursion.</summary>
    private double[] Direction(double[] gradient)
    {
        var direction = Array.ConvertAll(gradient, g => -g);
        var shares = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = Dot(_pairs[i].Step, direction) / _pairs[i].Product;
            Add(direction, _pairs[i].Change, -shares[i]);
        }

        if (_pairs.Count > 0)
        {
            var (_, change, product) = _pairs[^1];
            var scale = product / Dot(change, change);
            for (var j = 0; j < direction.Length; j++)
            {
                direction[j] *= scale;
            }
        }

        for (var i = 0; i < _pairs.Count; i++)
        {
            Add(direction, _pairs[i].Step, shares[i] - (Dot(_pairs[i].Change, direction) / _pairs[i].Product));
        }

        return direction;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        Add(difference, b, -1);
        return difference;
    }

    private sealed record Place(double[] Point, double[] Gradient, double Value);
}
