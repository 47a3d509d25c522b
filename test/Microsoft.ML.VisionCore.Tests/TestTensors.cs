using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests;

internal static class TestTensors
{
    /// <summary>Uniform on [-1, 1], float32.</summary>
    public static Tensor Uniform(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return tensor(values, shape);
    }
}
