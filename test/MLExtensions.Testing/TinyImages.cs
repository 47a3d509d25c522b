using SkiaSharp;

namespace MLExtensions.Testing;

/// <summary>
/// Small seeded pictures for tests, in classes that two epochs can learn: bars of one colour at one angle over a
/// noisy background, at a random place and of a random thickness.
/// </summary>
public static class TinyImages
{
    /// <summary>Class names in ordinal order, one per kind of picture.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = ["blue-diagonal", "green-level", "red-upright", "white-cross"];

    /// <summary>Draws one picture.</summary>
    /// <param name="label">Index into <see cref="ClassNames"/>.</param>
    /// <param name="side">Width and height in pixels, at least 8.</param>
    /// <param name="random">Source of every variation.</param>
    /// <returns>RGBA bytes, row by row, alpha 255.</returns>
    public static byte[] Draw(int label, int side, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, ClassNames.Count);
        var pixels = new byte[side * side * 4];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = i % 4 == 3 ? byte.MaxValue : (byte)random.Next(60, 110);
        }

        var x0 = random.Next(side / 3, side - side / 3);
        var y0 = random.Next(side / 3, side - side / 3);
        var half = random.Next(1, Math.Max(2, side / 8) + 1);
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                if (IsInk(label, x - x0, y - y0, half))
                {
                    Ink(label, random).CopyTo(pixels, 4 * (y * side + x));
                }
            }
        }

        return pixels;
    }

    /// <summary>Draws one picture and encodes it.</summary>
    /// <param name="label">Index into <see cref="ClassNames"/>.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="random">Source of every variation.</param>
    /// <param name="extension">".png" or ".jpg".</param>
    /// <returns>The bytes of an image file.</returns>
    public static byte[] Encode(int label, int side, Random random, string extension = ".png")
    {
        return Encode(Draw(label, side, random), side, extension);
    }

    /// <summary>Writes a data set: one folder a class, named by <see cref="ClassNames"/>, of PNG files.</summary>
    /// <param name="folder">Where to; made if it is missing.</param>
    /// <param name="perClass">Pictures in each class.</param>
    /// <param name="side">Width and height in pixels.</param>
    /// <param name="classes">How many classes, 1 to 4.</param>
    /// <param name="seed">Equal seeds write equal pictures.</param>
    /// <returns>The paths written, class after class.</returns>
    public static IReadOnlyList<string> WriteFolder(string folder, int perClass, int side = 16, int classes = 3, int seed = 1)
    {
        var random = new Random(seed);
        var files = new List<string>();
        for (var label = 0; label < classes; label++)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, ClassNames[label])).FullName;
            for (var i = 0; i < perClass; i++)
            {
                files.Add(Path.Combine(place, $"{i:d4}.png"));
                Save(files[^1], Draw(label, side, random), side);
            }
        }

        return files;
    }

    /// <summary>Writes RGBA bytes as an image file whose kind the extension says.</summary>
    public static void Save(string file, ReadOnlySpan<byte> rgba, int width) => File.WriteAllBytes(file, Encode(rgba, width, Path.GetExtension(file)));

    private static byte[] Encode(ReadOnlySpan<byte> rgba, int width, string extension)
    {
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, rgba.Length / 4 / width, SKColorType.Rgba8888, SKAlphaType.Premul), rgba);
        using var file = image.Encode(extension is ".jpg" ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, quality: 100);
        return file.ToArray();
    }

    private static bool IsInk(int label, int dx, int dy, int half) => ClassNames[label] switch
    {
        "blue-diagonal" => Math.Abs(dx - dy) <= half,
        "green-level" => Math.Abs(dy) <= half,
        "red-upright" => Math.Abs(dx) <= half,
        _ => Math.Abs(dx) <= half || Math.Abs(dy) <= half,
    };

    private static byte[] Ink(int label, Random random)
    {
        byte Bright() => (byte)random.Next(200, 256);
        byte Dark() => (byte)random.Next(0, 50);
        return ClassNames[label] switch
        {
            "blue-diagonal" => [Dark(), Dark(), Bright(), byte.MaxValue],
            "green-level" => [Dark(), Bright(), Dark(), byte.MaxValue],
            "red-upright" => [Bright(), Dark(), Dark(), byte.MaxValue],
            _ => [Bright(), Bright(), Bright(), byte.MaxValue],
        };
    }
}
