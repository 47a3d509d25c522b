using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Makes a batch smaller by a separable triangle filter that is as wide as the reduction (antialiased bilinear), as two matrix products.</summary>
internal sealed class BilinearDownscale : IDisposable
{
    private readonly Tensor _weights;       // [S, s]: column j holds the weights of new pixel j

    public BilinearDownscale(int from, int to, Device device) =>
        _weights = tensor(Weights(from, to), [from, to], device: device).DetachFromDisposeScope();

    /// <summary>Float [B, C, S, S] to [B, C, s, s].</summary>
    public Tensor Apply(Tensor images)
    {
        using var scope = NewDisposeScope();
        var narrow = images.matmul(_weights);                                  // [B, C, S, s]
        return narrow.transpose(2, 3).matmul(_weights)                         // [B, C, s, s], transposed
            .transpose(2, 3).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Row-major [from, to]; every column adds up to 1.</summary>
    public static float[] Weights(int from, int to)
    {
        var weights = new float[from * to];
        var scale = (double)from / to;
        for (var column = 0; column < to; column++)
        {
            var centre = (column + 0.5) * scale;
            var taps = Enumerable.Range(0, from).Select(row => Math.Max(0, 1 - (Math.Abs(row + 0.5 - centre) / Math.Max(1, scale)))).ToArray();
            var sum = taps.Sum();
            for (var row = 0; row < from; row++)
            {
                weights[(row * to) + column] = (float)(taps[row] / sum);
            }
        }

        return weights;
    }

    public void Dispose() => _weights.Dispose();
}
