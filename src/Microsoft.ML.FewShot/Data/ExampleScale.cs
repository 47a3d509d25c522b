using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Data;

/// <summary>Measures pools and makes tensors of their examples.</summary>
internal static class ExampleScale
{
    private const int SampleSize = 10_000;

    /// <summary>Mean and deviation of every colour, or of every number of a vector, over up to 10,000 examples, evenly spaced. What never varies gets deviation 1.</summary>
    public static ImageNormalization Measure(ExamplePool pool)
    {
        int[] examples = [.. pool.Classes.SelectMany(one => one.Examples)];
        var count = Math.Min(SampleSize, examples.Length);
        var parts = pool.Shape.IsImage ? pool.Shape.Colors : pool.Shape.FeatureLength;
        var (sums, squares) = (new double[parts], new double[parts]);
        for (var i = 0; i < count; i++)
        {
            Add(pool, examples[(int)((long)i * examples.Length / count)], sums, squares);
        }

        var values = (double)count * pool.Shape.Length / parts;
        var mean = Array.ConvertAll(sums, sum => sum / values);
        var deviation = mean.Select((middle, part) => (float)Math.Sqrt(Math.Max(0, (squares[part] / values) - (middle * middle))));
        return new ImageNormalization(Array.ConvertAll(mean, value => (float)value), [.. deviation.Select(value => value > 1e-3f ? value : 1)]);
    }

    /// <summary>Images [count, C, S, S], normalised, or vectors [count, F] as they are.</summary>
    public static Tensor ToTensor(ExampleWriter examples, ExampleShape shape, ImageNormalization scale, Device device)
    {
        if (!shape.IsImage)
        {
            return tensor(examples.Numbers, [examples.Numbers.Length / shape.Length, shape.Length], device: device);
        }

        using var pixels = tensor(examples.Pixels, [examples.Pixels.Length / shape.Length, .. shape.Dimensions], device: device);
        return scale.Apply(pixels);
    }

    private static void Add(ExamplePool pool, int example, double[] sums, double[] squares)
    {
        if (pool.Shape.IsImage)
        {
            var image = pool.Image(example);
            var area = image.Length / sums.Length;
            for (var i = 0; i < image.Length; i++)
            {
                sums[i / area] += image[i];
                squares[i / area] += image[i] * image[i];
            }
        }
        else
        {
            var vector = pool.Vector(example);
            for (var i = 0; i < vector.Length; i++)
            {
                sums[i] += vector[i];
                squares[i] += (double)vector[i] * vector[i];
            }
        }
    }
}
