namespace Microsoft.ML.FewShot.Data;

/// <summary>What the border of an image tells about its background.</summary>
internal static class ImageBorder
{
    /// <summary>The median of the outermost pixels: the paper, even where a stroke reaches the border.</summary>
    /// <param name="plane">[S, S].</param>
    /// <param name="side">The side S.</param>
    public static int Color(ReadOnlySpan<byte> plane, int side)
    {
        Span<int> counts = stackalloc int[256];
        for (var i = 0; i < side; i++)
        {
            counts[plane[i]]++;
            counts[plane[(side * side) - 1 - i]]++;
            counts[plane[i * side]]++;
            counts[plane[(i * side) + side - 1]]++;
        }

        var (value, seen) = (0, counts[0]);
        while (seen < 2 * side)
        {
            seen += counts[++value];
        }

        return value;
    }
}
