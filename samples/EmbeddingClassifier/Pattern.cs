using Microsoft.ML.Data;

namespace Samples.EmbeddingClassifier;

/// <summary>One row of the data: a picture of a pattern and the pattern's name.</summary>
internal sealed class Pattern
{
    private const int Side = 224;

    /// <summary>Path of the image file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>Name of the pattern.</summary>
    public string Label { get; set; } = "";

    /// <summary>Draws some pictures of each pattern, in whatever size and colours, into a folder for each.</summary>
    public static IEnumerable<Pattern> Draw(string folder, int each, int seed)
    {
        var random = new Random(seed);
        foreach (var (name, isInk) in (IEnumerable<(string, Func<int, int, bool>)>)
            [("stripes", (x, _) => x % 2 == 0), ("checks", (x, y) => (x + y) % 2 == 0), ("spots", (x, y) => x % 3 == 0 && y % 3 == 0)])
        {
            for (var number = 0; number < each; number++)
            {
                var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, $"{number}.png");
                var (size, ink, ground, pixels) = (random.Next(8, 24), new byte[3], new byte[3], new byte[4 * Side * Side]);
                random.NextBytes(ink);
                random.NextBytes(ground);
                for (var i = 0; i < Side * Side; i++)
                {
                    byte[] pixel = [.. isInk(i % Side / size, i / Side / size) ? ink : ground, byte.MaxValue];
                    pixel.CopyTo(pixels, 4 * i);
                }

                using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels);
                image.Save(file);
                yield return new Pattern { ImagePath = file, Label = name };
            }
        }
    }
}
