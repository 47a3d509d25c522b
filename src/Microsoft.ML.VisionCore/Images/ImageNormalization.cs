using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Bytes to the units a model is trained in: (byte - mean) / deviation, a channel at a time. Stored with the model.</summary>
/// <param name="Mean">Red, green, blue, or grey; in [0, 255].</param>
/// <param name="Deviation">Red, green, blue, or grey; above 0.</param>
internal sealed record ImageNormalization(float[] Mean, float[] Deviation)
{
    /// <summary>Bytes as they are.</summary>
    public static ImageNormalization None { get; } = new([0, 0, 0], [1, 1, 1]);

    private const int SampleSize = 10_000;

    /// <summary>Byte [B, C, S, S] to float [B, C, S, S], with as many channels C as there are means.</summary>
    public Tensor Apply(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var mean = tensor(Mean, device: pixels.device).view(1, Mean.Length, 1, 1);
        var scale = tensor(Deviation, device: pixels.device).view(1, Mean.Length, 1, 1).reciprocal();
        return pixels.to(float32).sub_(mean).mul_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The statistics of up to 10,000 cached images, evenly spaced, or of the first ones where none is cached. A channel that never varies gets deviation 1.</summary>
    public static ImageNormalization Measure(ImageDataSet images)
    {
        var rows = Sample(images);
        var sums = new long[3];
        var squares = new long[3];
        var pixels = new byte[3 * images.Side * images.Side];
        foreach (var row in rows)
        {
            images.Store.Cache.Read(row, pixels);
            Add(pixels, sums, squares);
        }

        var count = (double)rows.Length * images.Side * images.Side;
        float[] mean = [.. sums.Select(sum => (float)(sum / count))];
        float[] deviation = [.. sums.Zip(squares, (sum, square) => (float)Math.Sqrt(Math.Max(0, (square / count) - (sum / count * (sum / count)))))];
        return new ImageNormalization(mean, [.. deviation.Select(value => value > 1e-3f ? value : 1)]);
    }

    private static int[] Sample(ImageDataSet images)
    {
        var count = Math.Min(SampleSize, images.Count);
        return [.. Enumerable.Range(0, count).Select(i => images.Rows[(int)((long)i * images.Count / count)])];
    }

    private static void Add(ReadOnlySpan<byte> pixels, long[] sums, long[] squares)
    {
        var area = pixels.Length / 3;
        for (var plane = 0; plane < 3; plane++)
        {
            var (sum, square) = (0L, 0L);
            foreach (var value in pixels.Slice(plane * area, area))
            {
                sum += value;
                square += value * value;
            }

            sums[plane] += sum;
            squares[plane] += square;
        }
    }
}
