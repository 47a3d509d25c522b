namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>
/// Images that each carry a function of their own. y(u) = [Σ cos(w_i·u + b_i) &gt; 0] over three waves, w ~ N(0, 3²) per coordinate, b ~ U(0, 2π).
/// Every one of the 256 pixels shows a random point u in [-1, 1]², its label ±1, and a flag; at 64 pixels the label is hidden
/// (0, flag 1) and has to be filled in. The function exists only inside the image: what is learned about it is learned at test time.
/// </summary>
internal sealed class PointImages(int count)
{
    internal const int Side = 16, Tokens = Side * Side, Channels = 4, Queries = 64;
    private const int Waves = 3;
    private const double Frequency = 3;

    /// <summary>[count, 256, 4], row-major.</summary>
    internal float[] Pixels { get; } = new float[count * Tokens * Channels];

    /// <summary>Of each image, the numbers of its 64 hidden pixels among all pixels of all images.</summary>
    internal long[] Hidden { get; } = new long[count * Queries];

    /// <summary>The labels of the hidden pixels, 0 or 1.</summary>
    internal long[] Labels { get; } = new long[count * Queries];

    /// <summary>Draws images; a random generator fixes them.</summary>
    internal static PointImages Draw(int count, Random random)
    {
        var images = new PointImages(count);
        for (int image = 0; image < count; image++)
        {
            images.DrawOne(image, random);
        }

        return images;
    }

    private void DrawOne(int image, Random random)
    {
        var waves = Enumerable.Range(0, Waves)
            .Select(_ => (X: Frequency * Gaussian(random), Y: Frequency * Gaussian(random), Phase: 2 * Math.PI * random.NextDouble())).ToArray();
        int[] order = [.. Enumerable.Range(0, Tokens)];
        random.Shuffle(order);
        for (int i = 0; i < Tokens; i++)
        {
            double x = 2 * random.NextDouble() - 1, y = 2 * random.NextDouble() - 1;
            bool positive = waves.Sum(wave => Math.Cos(wave.X * x + wave.Y * y + wave.Phase)) > 0;
            bool hidden = i < Queries;
            int pixel = image * Tokens + order[i];
            Pixels.AsSpan(pixel * Channels, Channels).Clear();
            (Pixels[pixel * Channels], Pixels[pixel * Channels + 1]) = ((float)x, (float)y);
            Pixels[pixel * Channels + 2] = hidden ? 0 : positive ? 1 : -1;
            Pixels[pixel * Channels + 3] = hidden ? 1 : 0;
            if (hidden)
            {
                Hidden[image * Queries + i] = pixel;
                Labels[image * Queries + i] = positive ? 1 : 0;
            }
        }
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
