namespace Microsoft.ML.FewShot.Data;

/// <summary>Quarter turns and mirror images of [C, S, S].</summary>
internal static class ImageOrientation
{
    /// <summary>Added to the quarter turns (0 to 3) where the image is mirrored first, left to right.</summary>
    public const int Mirrored = 4;

    /// <summary>The orientations that an image has.</summary>
    public const int Count = 8;

    /// <summary>Writes the image mirrored and then turned counter-clockwise.</summary>
    /// <param name="source">[C, S, S].</param>
    /// <param name="side">The side S.</param>
    /// <param name="orientation">Quarter turns, plus <see cref="Mirrored"/> where it is mirrored.</param>
    /// <param name="destination">[C, S, S]; another memory than <paramref name="source"/>.</param>
    public static void Copy(ReadOnlySpan<byte> source, int side, int orientation, Span<byte> destination)
    {
        if (orientation == 0)
        {
            source.CopyTo(destination);
            return;
        }

        var area = side * side;
        var (start, byColumn, byRow) = Walk(side, orientation);
        for (var plane = 0; plane < source.Length; plane += area)
        {
            var to = plane;
            for (var y = 0; y < side; y++)
            {
                var from = plane + start + (y * byRow);
                for (var x = 0; x < side; x++, from += byColumn)
                {
                    destination[to++] = source[from];
                }
            }
        }
    }

    /// <summary>Where the first pixel of the result comes from, and how the source moves with a column and a row of the result.</summary>
    private static (int Start, int ByColumn, int ByRow) Walk(int side, int orientation)
    {
        var last = side - 1;
        // Turned counter-clockwise, the row y of the result is the column last - y of the source.
        var (startX, startY, columnX, columnY, rowX, rowY) = (orientation % Mirrored) switch
        {
            0 => (0, 0, 1, 0, 0, 1),
            1 => (last, 0, 0, 1, -1, 0),
            2 => (last, last, -1, 0, 0, -1),
            _ => (0, last, 0, -1, 1, 0),
        };
        if (orientation >= Mirrored)
        {
            (startX, columnX, rowX) = (last - startX, -columnX, -rowX);
        }

        return ((startY * side) + startX, (columnY * side) + columnX, (rowY * side) + rowX);
    }
}
