using System.Numerics;
using Microsoft.ML.Data;

namespace Samples.FewShotSymbols;

/// <summary>
/// Handwriting in alphabets that nobody has: every symbol is a few strokes invented from a seed, and every drawing of it
/// is by another hand, with shaking control points, another slant, size, place and pen. Dark ink on white paper.
/// </summary>
internal static class DrawnSymbols
{
    private const int Side = 105;

    /// <summary>Writes PNG files to <paramref name="folder"/>/SYMBOL/NUMBER.png.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="symbols">How many symbols to invent; each has a folder of its own.</param>
    /// <param name="perSymbol">Drawings of each.</param>
    /// <param name="alphabet">Seed of the symbols: the same seed invents the same ones.</param>
    /// <param name="hand">Seed of the drawings.</param>
    /// <param name="pen">Half the mean thickness of strokes, in pixels of 105.</param>
    public static void Write(string folder, int symbols, int perSymbol, int alphabet, int hand, float pen = 2)
    {
        var (inventor, writer) = (new Random(alphabet), new Random(hand));
        for (var symbol = 1; symbol <= symbols; symbol++)
        {
            var strokes = Invent(inventor);
            var place = Directory.CreateDirectory(Path.Combine(folder, $"symbol-{symbol:d2}")).FullName;
            for (var i = 1; i <= perSymbol; i++)
            {
                using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, Draw(strokes, writer, pen));
                image.Save(Path.Combine(place, $"{i:d4}.png"));
            }
        }
    }

    /// <summary>Two to four strokes in a square from -1 to 1; most of them begin where an earlier one has a point.</summary>
    private static Vector2[][] Invent(Random random)
    {
        var strokes = new List<Vector2[]>();
        var count = random.Next(2, 5);
        while (strokes.Count < count)
        {
            var start = strokes.Count > 0 && random.Next(3) > 0 ? Any(Any([.. strokes], random), random) : OnGrid(random);
            strokes.Add(Stroke(start, random));
        }

        return Centred([.. strokes]);
    }

    /// <summary>The strokes in the middle of the square, filling it one way or the other.</summary>
    private static Vector2[][] Centred(Vector2[][] strokes)
    {
        var from = strokes.SelectMany(stroke => stroke).Aggregate(Vector2.Min);
        var to = strokes.SelectMany(stroke => stroke).Aggregate(Vector2.Max);
        var scale = 2 / Math.Max(to.X - from.X, to.Y - from.Y);
        return [.. strokes.Select(stroke => stroke.Select(point => scale * (point - (from + to) / 2)).ToArray())];
    }

    private static Vector2[] Stroke(Vector2 start, Random random)
    {
        if (random.Next(4) == 0)
        {
            var (centre, turn) = (OnGrid(random) / 2, Between(random, 0, MathF.Tau));
            var (radius, bend) = (Between(random, 0.25f, 0.55f), Between(random, 0.6f, 1));
            return [.. Enumerable.Range(0, 8).Select(i => centre + radius * Direction(turn + bend * i * MathF.Tau / 7))];
        }

        var points = new List<Vector2> { start };
        var length = random.Next(2, 5);
        while (points.Count < length)
        {
            var next = OnGrid(random);
            if (Vector2.Distance(next, points[^1]) > 0.6f)
            {
                points.Add(next);
            }
        }

        return [.. points];
    }

    private static byte[] Draw(Vector2[][] strokes, Random random, float meanPen)
    {
        var ink = new float[Side * Side];
        var toPaper = Matrix3x2.CreateScale(0.34f * Side * Between(random, 0.85f, 1.1f), 0.34f * Side * Between(random, 0.85f, 1.1f))
            * Matrix3x2.CreateSkew(Between(random, -0.2f, 0.2f), 0)
            * Matrix3x2.CreateRotation(Between(random, -0.15f, 0.15f))
            * Matrix3x2.CreateTranslation(Side * new Vector2(Between(random, 0.46f, 0.54f), Between(random, 0.46f, 0.54f)));
        var pen = meanPen * Between(random, 0.75f, 1.25f);
        foreach (var stroke in strokes)
        {
            var shift = 0.05f * Shake(random);
            var shaken = stroke.Select(point => Vector2.Transform(point + shift + 0.05f * Shake(random), toPaper)).ToArray();
            Follow(shaken, at => Dab(ink, at, pen));
        }

        return [.. ink.SelectMany(i => Enumerable.Repeat((byte)(255 * (1 - i)), 3).Append(byte.MaxValue))];
    }

    /// <summary>Leads the pen smoothly through the points, in steps of less than a pixel.</summary>
    private static void Follow(Vector2[] points, Action<Vector2> dab)
    {
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (before, from, to, after) = (points[Math.Max(0, i - 1)], points[i], points[i + 1], points[Math.Min(points.Length - 1, i + 2)]);
            var steps = 1 + (int)(3 * Vector2.Distance(from, to));
            for (var step = 0; step <= steps; step++)
            {
                dab(CatmullRom(before, from, to, after, (float)step / steps));
            }
        }
    }

    private static Vector2 CatmullRom(Vector2 before, Vector2 from, Vector2 to, Vector2 after, float t) =>
        from + t / 2 * (to - before + t * (2 * before - 5 * from + 4 * to - after + t * (3 * (from - to) + after - before)));

    /// <summary>Puts ink on the pixels under the pen; those at its rim get a part.</summary>
    private static void Dab(float[] ink, Vector2 at, float pen)
    {
        for (var y = (int)(at.Y - pen - 1); y <= at.Y + pen + 1; y++)
        {
            for (var x = (int)(at.X - pen - 1); x <= at.X + pen + 1; x++)
            {
                if (x is >= 0 and < Side && y is >= 0 and < Side)
                {
                    var coverage = Math.Clamp(pen + 0.5f - Vector2.Distance(at, new(x, y)), 0, 1);
                    ink[y * Side + x] = Math.Max(ink[y * Side + x], coverage);
                }
            }
        }
    }

    private static Vector2 OnGrid(Random random) => new(random.Next(5) / 2f - 1, random.Next(5) / 2f - 1);

    private static Vector2 Direction(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));

    private static Vector2 Shake(Random random) => new(Between(random, -1, 1) + Between(random, -1, 1), Between(random, -1, 1) + Between(random, -1, 1));

    private static T Any<T>(T[] from, Random random) => from[random.Next(from.Length)];

    private static float Between(Random random, float from, float to) => from + random.NextSingle() * (to - from);
}
