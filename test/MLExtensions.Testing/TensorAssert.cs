using static TorchSharp.torch;

namespace MLExtensions.Testing;

/// <summary>Compares tensors and says by how much they differ.</summary>
public static class TensorAssert
{
    /// <summary>Fails unless the largest difference is at most <paramref name="tolerance"/> times the largest expected magnitude (at least 1e-300).</summary>
    public static void AreClose(Tensor expected, Tensor actual, double tolerance, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, $"{what}: shapes");
        double error = RelativeError(expected, actual);
        Assert.IsTrue(error <= tolerance, $"{what}: relative error {error:G3}, allowed {tolerance:G3}.");
    }

    /// <summary>max |expected - actual| / max |expected|; plain max |actual| where all that is expected is zero.</summary>
    public static double RelativeError(Tensor expected, Tensor actual)
    {
        var (wanted, found) = (ToArray(expected), ToArray(actual));
        double worst = 0, scale = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = Math.Abs(wanted[i] - found[i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
            scale = Math.Max(scale, Math.Abs(wanted[i]));
        }

        return scale == 0 ? worst : worst / scale;
    }

    /// <summary>The values in row-major order.</summary>
    public static double[] ToArray(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }
}
