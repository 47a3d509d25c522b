namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>
/// Images that each carry a function of their own. y(u) = [Σ cos(w_i·u + b_i) &gt; 0] over three waves, w ~ N(0, 3²) per coordinate, b ~ U(0, 2π).
/// Every one of the N pixels shows a random point u in [-1, 1]², its label ±1, and a flag; at a quarter of them the label is hidden
/// (0, flag 1) and has to be filled in. The function exists only inside the image: what is learned about it is learned at test time.
/// </summary>
internal sealed class PointImages(int count, int tokens)
{
    internal const int Channels = 4;
    private const int OneHiddenOf = 4;
    private const int Waves = 3;
    private const double Frequency = 3;

    /// <summary>The pixels N of each image.</summary>
    internal int Tokens => tokens;

    /// <summary>[count, N, 4], row-major.</summary>
    internal float[] Pixels { get; } = new float[count * tokens * Channels];

    /// <summary>Of each image, the numbers of its hidden pixels among all pixels of all images.</summary>
    internal long[] Hidden { get; } = new long[count * tokens / OneHiddenOf];

    /// <summary>The labels of the hidden pixels, 0 or 1.</summary>
    internal long[] Labels { get; } = new long[count * tokens / OneHiddenOf];

    /// <summary>Draws images; a random generator fixes them.</summary>
    internal static PointImages Draw(int count, int tokens, Random random)
    {
        var images = new PointImages(count, tokens);
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
        int[] order = [.. Enumerable.Range(0, tokens)];
        var queries = tokens / OneHiddenOf;
        random.Shuffle(order);
        for (int i = 0; i < tokens; i++)
        {
            double x = 2 * random.NextDouble() - 1, y = 2 * random.NextDouble() - 1;
            bool positive = waves.Sum(wave => Math.Cos(wave.X * x + wave.Y * y + wave.Phase)) > 0;
            bool hidden = i < queries;
            int pixel = image * tokens + order[i];
            Pixels.AsSpan(pixel * Channels, Channels).Clear();
            (Pixels[pixel * Channels], Pixels[pixel * Channels + 1]) = ((float)x, (float)y);
            Pixels[pixel * Channels + 2] = hidden ? 0 : positive ? 1 : -1;
            Pixels[pixel * Channels + 3] = hidden ? 1 : 0;
            if (hidden)
            {
                Hidden[image * queries + i] = pixel;
                Labels[image * queries + i] = positive ? 1 : 0;
            }
        }
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
