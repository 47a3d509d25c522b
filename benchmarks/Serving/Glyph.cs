using MLExtensions.Testing;

namespace MLExtensions.Serving;

/// <summary>A symbol that a classifier knows, drawn with a thick pen, 28 pixels wide and high.</summary>
internal sealed class Glyph
{
    private const int Side = 28, Margin = 4, Pen = 2, Radius = 7;

    private Glyph(string name, Func<int, int, bool> isInk)
    {
        Name = name;
        Example = Draw(isInk);
        Question = Draw((x, y) => isInk(x - 1, y - 1));
    }

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Glyph> All { get; } =
    [
        new("up", (x, _) => Math.Abs(x) <= Pen),
        new("level", (_, y) => Math.Abs(y) <= Pen),
        new("circle", (x, y) => Math.Abs(Math.Sqrt((x * x) + (y * y)) - Radius) <= Pen),
    ];

    /// <summary>What it is called.</summary>
    internal string Name { get; }

    /// <summary>The image file that classifiers are made of.</summary>
    internal byte[] Example { get; }

    /// <summary>The image file that they are asked about, of the same symbol a little aside.</summary>
    internal byte[] Question { get; }

    private static byte[] Draw(Func<int, int, bool> isInk) => PngFile.Encode(Side, Side, (x, y) =>
        IsInside(x) && IsInside(y) && isInk(x - (Side / 2), y - (Side / 2)) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255));

    private static bool IsInside(int position) => position is >= Margin and < Side - Margin;
}
