using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// Creates parameters from a generator that the caller seeds, so that a seed fixes the weights and torch's process-wide
/// generator stays untouched. What is returned belongs to no dispose scope: a model may be built inside one.
/// </summary>
internal static class Parameters
{
    [ThreadStatic]
    private static long? t_left;

    [ThreadStatic]
    private static List<Tensor>? t_made;

    internal static Parameter Zeros(params long[] shape) => Own(zeros(Counted(shape), dtype: float32));

    internal static Parameter Ones(params long[] shape) => Own(ones(Counted(shape), dtype: float32));

    /// <summary>Zeros that are saved with the weights but not trained.</summary>
    internal static Tensor ZeroBuffer(params long[] shape) => Buffer(zeros(Counted(shape), dtype: float32));

    /// <summary>Ones that are saved with the weights but not trained.</summary>
    internal static Tensor OneBuffer(params long[] shape) => Buffer(ones(Counted(shape), dtype: float32));

    /// <summary>Creates a network for a file, and stops before it has more numbers than may be: shapes are read before weights, and a file may say anything.</summary>
    /// <param name="numbers">As many may be.</param>
    /// <param name="create">Creates the network, on this thread.</param>
    /// <exception cref="FormatException">It would have more; what was made until then is freed.</exception>
    internal static T AtMost<T>(long numbers, Func<T> create)
    {
        (t_left, t_made) = (numbers, []);
        try
        {
            return create();
        }
        catch
        {
            t_made.ForEach(tensor => tensor.Dispose());
            throw;
        }
        finally
        {
            (t_left, t_made) = (null, null);
        }
    }

    /// <summary>Takes a tensor of a network out of the scope that it was made in.</summary>
    internal static T Keep<T>(T tensor)
        where T : Tensor
    {
        tensor.DetachFromDisposeScope();
        t_made?.Add(tensor);
        return tensor;
    }

    /// <summary>Uniform on [-<paramref name="limit"/>, <paramref name="limit"/>].</summary>
    internal static Parameter Uniform(Random random, double limit, params long[] shape) =>
        Draw(shape, () => limit * (2 * random.NextDouble() - 1));

    /// <summary>Normal with mean 0.</summary>
    internal static Parameter Normal(Random random, double deviation, params long[] shape) => Draw(shape, () => deviation * Gaussian(random));

    /// <summary>Normal with mean 0, redrawn beyond two standard deviations.</summary>
    internal static Parameter TruncatedNormal(Random random, double deviation, params long[] shape) =>
        Draw(shape, () =>
        {
            double z;
            do
            {
                z = Gaussian(random);
            }
            while (Math.Abs(z) > 2);
            return deviation * z;
        });

    /// <summary>Xavier uniform for one matrix in → out; a leading head axis does not count in the fan.</summary>
    internal static Parameter Xavier(Random random, long inputs, long outputs, params long[] shape) =>
        Uniform(random, Math.Sqrt(6.0 / (inputs + outputs)), shape);

    /// <summary>Each number as <paramref name="next"/> draws it.</summary>
    internal static Parameter Drawn(Random random, Func<Random, double> next, params long[] shape) => Draw(shape, () => next(random));

    /// <summary>A tensor field that is saved with the weights but not trained.</summary>
    internal static Tensor Buffer(Tensor value) => Keep(value);

    private static Parameter Draw(long[] shape, Func<double> next)
    {
        var values = new float[Counted(shape).Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)next();
        }

        return Own(tensor(values, shape));
    }

    private static long[] Counted(long[] shape)
    {
        if (t_left is { } left)
        {
            var size = shape.Aggregate((Int128)1, (product, size) => product * size);
            t_left = size <= left ? left - (long)size
                : throw new FormatException($"The weights file does not fit the model: it has too few numbers for the sizes of the configuration, a tensor of {string.Join(" x ", shape)} among them.");
        }

        return shape;
    }

    private static Parameter Own(Tensor value)
    {
        return Keep(new Parameter(value));
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
