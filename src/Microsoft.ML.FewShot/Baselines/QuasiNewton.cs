using static System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Minimizes a smooth convex function by limited-memory BFGS, in float64 and without randomness.</summary>
/// <param name="memory">The former steps that shape the next one.</param>
/// <param name="maximalSteps">Where to stop at the latest.</param>
internal sealed class QuasiNewton(int memory = 20, int maximalSteps = 500)
{
    private const double SufficientDecrease = 1e-4;
    private const int MaximalHalvings = 40;

    private readonly List<(double[] Step, double[] Change, double Product)> _pairs = [];

    /// <summary>Value at a point; the gradient is written to the second argument.</summary>
    internal delegate double Function(double[] point, double[] gradient);

    /// <summary>Moves <paramref name="point"/> until the gradient's Euclidean length is at most <paramref name="tolerance"/>.</summary>
    /// <returns>The length of the gradient at the end; above <paramref name="tolerance"/> where rounding or the number of steps ended the search.</returns>
    internal double Minimize(Function function, double[] point, double tolerance)
    {
        _pairs.Clear();
        var gradient = new double[point.Length];
        var value = function(point, gradient);
        for (var step = 0; step < maximalSteps && Norm<double>(gradient) > tolerance; step++)
        {
            var direction = Direction(gradient);
            // Until the curvature is known, a step is as long as the gradient is, and at most 1.
            var length = _pairs.Count > 0 ? 1 : Math.Min(1, 1 / Norm<double>(gradient));
            if (Search(function, point, value, gradient, direction, length) is not { } found)
            {
                if (_pairs.Count == 0)
                {
                    break;
                }

                // What rounding has made of the estimate is forgotten.
                _pairs.Clear();
                continue;
            }

            Remember(point, gradient, found);
            (value, gradient) = (found.Value, found.Gradient);
            found.Point.CopyTo(point, 0);
        }

        return Norm<double>(gradient);
    }

    /// <summary>Halves the step until the function falls enough; null where rounding hides any fall.</summary>
    private static Place? Search(Function function, double[] point, double value, double[] gradient, double[] direction, double length)
    {
        var slope = Dot<double>(gradient, direction);
        // Near the optimum a fall is below the rounding of the value itself; there the gradient decides.
        var rounding = 1e-14 * Math.Max(1, Math.Abs(value));
        for (var i = 0; i < MaximalHalvings; i++, length /= 2)
        {
            var (place, there) = (new double[point.Length], new double[point.Length]);
            MultiplyAdd<double>(direction, length, point, place);
            var reached = function(place, there);
            var fall = value - reached;
            if (fall >= -SufficientDecrease * length * slope || (Math.Abs(fall) <= rounding && Math.Abs(Dot<double>(there, direction)) < Math.Abs(slope)))
            {
                return new Place(place, there, reached);
            }
        }

        return null;
    }

    private void Remember(double[] point, double[] gradient, Place next)
    {
        var (step, change) = (new double[point.Length], new double[point.Length]);
        Subtract<double>(next.Point, point, step);
        Subtract<double>(next.Gradient, gradient, change);
        var product = Dot<double>(step, change);
        // Curvature that is lost in rounding would spoil the estimate.
        if (product <= 1e-14 * Norm<double>(step) * Norm<double>(change))
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
        var direction = new double[gradient.Length];
        Negate<double>(gradient, direction);
        var shares = new double[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = Dot<double>(_pairs[i].Step, direction) / _pairs[i].Product;
            MultiplyAdd<double>(_pairs[i].Change, -shares[i], direction, direction);
        }

        if (_pairs.Count > 0)
        {
            var (_, change, product) = _pairs[^1];
            Multiply<double>(direction, product / Dot<double>(change, change), direction);
        }

        for (var i = 0; i < _pairs.Count; i++)
        {
            MultiplyAdd<double>(_pairs[i].Step, shares[i] - (Dot<double>(_pairs[i].Change, direction) / _pairs[i].Product), direction, direction);
        }

        return direction;
    }

    private sealed record Place(double[] Point, double[] Gradient, double Value);
}
