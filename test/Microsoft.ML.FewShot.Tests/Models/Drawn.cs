using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

/// <summary>Seeded tensors for tests, which leave torch's generator alone.</summary>
internal static class Drawn
{
    /// <summary>Normal with mean 0 and variance 1.</summary>
    public static Tensor Normal(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return tensor(values, shape);
    }
}
