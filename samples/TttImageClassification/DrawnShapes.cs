using System.Numerics;
using Microsoft.ML.Data;

namespace Samples;

/// <summary>
/// Draws a small image data set: eight kinds of shape, of any place, size, turn, stretch, thickness and colour, filled
/// or hollow, on shaded, noisy and cluttered ground. One folder a kind. The same seed draws the same images.
/// </summary>
internal static class DrawnShapes
{
    private const int Side = 32;
    private static readonly string[] Kinds = ["arrow", "crescent", "cross", "heart", "ring", "square", "star", "triangle"];

    /// <summary>Writes PNG files to <paramref name="folder"/>/KIND/NUMBER.png.</summary>
    public static void Write(string folder, int perKind, int seed)
    {
        var random = new Random(seed);
        foreach (var kind in Kinds)
        {
            var place = Directory.CreateDirectory(Path.Combine(folder, kind)).FullName;
            for (var i = 0; i < perKind; i++)
            {
                using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, Draw(kind, random));
                image.Save(Path.Combine(place, $"{i:d4}.png"));
            }
        }
    }

    private static byte[] Draw(string kind, Random random)
    {
        var ground = Colour(random);
        var shade = 40 * (Colour(random) - new Vector3(0.5f));
        var ink = Colour(random);
        while (Vector3.Distance(ink, ground) < 0.5f)
        {
            ink = Colour(random);
        }

        var clutter = Enumerable.Range(0, random.Next(4)).Select(_ => (Place(random, 0, Side), Size: Between(random, 0.5f, 1.5f))).ToArray();
        var contours = Outlines(kind, random);
        var toShape = ToShape(random);
        var pixels = new byte[4 * Side * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            var at = new Vector2(i % Side, i / Side);
            var coverage = clutter.Any(dot => Vector2.Distance(dot.Item1, at) < dot.Size) ? 0.7f : Coverage(contours, toShape, at);
            var colour = 255 * Vector3.Lerp(ground, ink, coverage) + (at.X + at.Y - Side) / Side * shade;
            for (var channel = 0; channel < 3; channel++)
            {
                pixels[4 * i + channel] = (byte)Math.Clamp(colour[channel] + 24 * (random.NextSingle() - 0.5f), 0, 255);
            }

            pixels[4 * i + 3] = byte.MaxValue;
        }

        return pixels;
    }

    /// <summary>A random turn, stretch, size and place, from pixels back to a shape of radius 1.</summary>
    private static Matrix3x2 ToShape(Random random)
    {
        var size = Between(random, 0.24f, 0.42f) * Side;
        var toPixels = Matrix3x2.CreateScale(size * Between(random, 0.8f, 1.2f), size)
            * Matrix3x2.CreateRotation(Between(random, 0, 2 * MathF.PI))
            * Matrix3x2.CreateTranslation(Place(random, 0.4f * Side, 0.6f * Side));
        Matrix3x2.Invert(toPixels, out var toShape);
        return toShape;
    }

    /// <summary>How much of a pixel the shape covers, by 3 x 3 samples.</summary>
    private static float Coverage(Vector2[][] contours, Matrix3x2 toShape, Vector2 pixel)
    {
        var inside = 0;
        for (var sample = 0; sample < 9; sample++)
        {
            var at = Vector2.Transform(pixel + new Vector2(sample % 3 - 1, sample / 3 - 1) / 3, toShape);
            inside += contours.Sum(contour => Crossings(contour, at)) % 2;
        }

        return inside / 9f;
    }

    /// <summary>How many sides of a closed contour a ray from the point crosses; odd means that it lies inside.</summary>
    private static int Crossings(Vector2[] contour, Vector2 at)
    {
        var count = 0;
        for (var i = 0; i < contour.Length; i++)
        {
            var (a, b) = (contour[i], contour[(i + 1) % contour.Length]);
            if (a.Y > at.Y != b.Y > at.Y && at.X < a.X + (at.Y - a.Y) / (b.Y - a.Y) * (b.X - a.X))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Contours of a shape of radius 1. A second, smaller one makes it hollow.</summary>
    private static Vector2[][] Outlines(string kind, Random random)
    {
        var thickness = Between(random, 0.2f, 0.4f);
        var outer = kind switch
        {
            "arrow" => [new(1, 0), new(0.2f, 0.7f), new(0.2f, thickness / 2), new(-1, thickness / 2), new(-1, -thickness / 2), new(0.2f, -thickness / 2), new(0.2f, -0.7f)],
            "crescent" => Crescent(0.2f + thickness, 0.85f),
            "cross" => Cross(thickness / 1.4f),
            "heart" => Curve(t => new(0.95f * MathF.Pow(MathF.Sin(t), 3), (13 * MathF.Cos(t) - 5 * MathF.Cos(2 * t) - 2 * MathF.Cos(3 * t) - MathF.Cos(4 * t)) / 17)),
            "ring" => Curve(t => new(MathF.Cos(t), MathF.Sin(t))),
            "square" => [new(0.8f, 0.8f), new(-0.8f, 0.8f), new(-0.8f, -0.8f), new(0.8f, -0.8f)],
            "star" => Corners(10, i => i % 2 == 0 ? 1 : 0.42f),
            _ => Corners(3, _ => 1),
        };
        var isHollow = kind is "ring" || (kind is "heart" or "square" or "star" or "triangle" && random.Next(2) == 0);
        return isHollow ? [outer, [.. outer.Select(p => (1 - thickness) * p)]] : [outer];
    }

    private static Vector2[] Curve(Func<float, Vector2> point) => [.. Enumerable.Range(0, 32).Select(i => point(i * MathF.PI / 16))];

    private static Vector2[] Corners(int count, Func<int, float> radius) =>
        [.. Enumerable.Range(0, count).Select(i => radius(i) * new Vector2(MathF.Cos(2 * MathF.PI * i / count), MathF.Sin(2 * MathF.PI * i / count)))];

    /// <summary>A disc of radius 1 less one that lies to its left, from horn to horn and back.</summary>
    private static Vector2[] Crescent(float shift, float radius)
    {
        var horn = (radius * radius - 1 - shift * shift) / (2 * shift);
        return
        [
            .. Arc(Vector2.Zero, 1, MathF.Acos(horn)),
            .. Arc(new(-shift, 0), radius, MathF.Acos((horn + shift) / radius)).Reverse(),
        ];
    }

    private static Vector2[] Arc(Vector2 centre, float radius, float half) =>
        [.. Enumerable.Range(-10, 21).Select(i => centre + radius * new Vector2(MathF.Cos(i * half / 10), MathF.Sin(i * half / 10)))];

    private static Vector2[] Cross(float half)
    {
        Vector2[] arm = [new(half, -1), new(half, -half), new(1, -half)];
        return [.. Enumerable.Range(0, 4).SelectMany(i => arm.Select(p => Vector2.Transform(p, Matrix3x2.CreateRotation(i * MathF.PI / 2))))];
    }

    private static Vector3 Colour(Random random) => new(random.NextSingle(), random.NextSingle(), random.NextSingle());

    private static Vector2 Place(Random random, float from, float to) => new(Between(random, from, to), Between(random, from, to));

    private static float Between(Random random, float from, float to) => from + random.NextSingle() * (to - from);
}
