using MLExtensions.Testing;

namespace MLExt.Tests.Serve;

/// <summary>Four symbols that nobody confuses, drawn with a thick pen at slightly different places.</summary>
internal static class Glyph
{
    private const int Side = 28;
    private const int Margin = 4;
    private const int Pen = 2;

    /// <summary>A vertical stroke.</summary>
    public static byte[] Upright(int shift = 0) => Draw((x, _) => Math.Abs(x - shift) <= Pen);

    /// <summary>A horizontal stroke.</summary>
    public static byte[] Level(int shift = 0) => Draw((_, y) => Math.Abs(y - shift) <= Pen);

    /// <summary>A circle.</summary>
    public static byte[] Circle(int shift = 0) => Draw((x, y) => Math.Abs(Math.Sqrt((x - shift) * (x - shift) + y * y) - 7) <= Pen);

    /// <summary>Two diagonal strokes.</summary>
    public static byte[] Cross(int shift = 0) => Draw((x, y) => Math.Abs(Math.Abs(x - shift) - Math.Abs(y)) <= Pen);

    private static byte[] Draw(Func<int, int, bool> isInk) => PngFile.Encode(Side, Side, (x, y) =>
        IsInside(x) && IsInside(y) && isInk(x - Side / 2, y - Side / 2) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255));

    private static bool IsInside(int position) => position is >= Margin and < Side - Margin;
}
