using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>A bound image column. The only file that knows which column types are images.</summary>
/// <remarks>
/// Accepted are encoded files (a vector of bytes of unknown size), <see cref="MLImage"/>, and pixels as a vector of
/// <see cref="float"/> of known size with values 0 to 255: [3, height, width], [height, width, 3] or, without dimensions, 3 · S · S planar values.
/// </remarks>
internal sealed class ImageColumn
{
    private const string Expected = "encoded image files (VarVector<Byte>), MLImage, or a known-size Vector<Single> of pixels " +
        "[3, height, width] or [height, width, 3]";

    /// <summary>Images that <see cref="SuggestSide(IDataView, ImageColumn)"/> looks at.</summary>
    internal const int SampleSize = 256;
    private const int SmallestSide = 32;
    private const int LargestSide = 96;
    private const int SideStep = 8;

    /// <summary>The shorter side of photographs in pixels, at least; and the mean distance of their strongest from their weakest colour.</summary>
    private const int PhotographSide = 64;
    private const int LeastColor = 4;
    private const int ColorSampleSize = 32;

    private readonly Layout? _layout;

    private ImageColumn(DataViewSchema.Column column, Layout? layout)
    {
        Column = column;
        _layout = layout;
    }

    public DataViewSchema.Column Column { get; }

    /// <summary>The side of the images where the type of the column fixes it and they are square; otherwise null.</summary>
    public int? FixedSide => _layout is { } layout && layout.Width == layout.Height ? layout.Width : null;

    /// <summary>Finds and checks an image column.</summary>
    /// <param name="schema">The schema to look in.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="role">What the column is for, as error messages name it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else than images.</exception>
    public static ImageColumn Bind(DataViewSchema schema, string name, string role)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            throw new ArgumentOutOfRangeException(nameof(schema), $"The {role} column '{name}' was not found. Expected {Expected}.");
        }

        return column.Type switch
        {
            VectorDataViewType { IsKnownSize: false, ItemType: NumberDataViewType { RawType: var raw } } when raw == typeof(byte) => new(column, null),
            ImageDataViewType => new(column, null),
            VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType { RawType: var raw } } vector
                when raw == typeof(float) && Layout.Of(vector) is { } layout => new(column, layout),
            _ => throw Mismatch(role, name, $"{column.Type}"),
        };
    }

    /// <summary>Checks the shape of a column as <see cref="Bind"/> does, as far as a shape tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else than images.</exception>
    public static void Check(SchemaShape schema, string name, string role)
    {
        var column = schema.Cast<SchemaShape.Column?>().FirstOrDefault(candidate => candidate!.Value.Name == name)
            ?? throw new ArgumentOutOfRangeException(nameof(schema), $"The {role} column '{name}' was not found. Expected {Expected}.");
        var accepted = column.Kind switch
        {
            SchemaShape.Column.VectorKind.VariableVector => column.ItemType.RawType == typeof(byte) && !column.IsKey,
            SchemaShape.Column.VectorKind.Vector => column.ItemType.RawType == typeof(float),
            _ => column.ItemType is ImageDataViewType,
        };
        if (!accepted)
        {
            throw Mismatch(role, name, $"{column.Kind} of {(column.IsKey ? "Key<" + column.ItemType + ">" : column.ItemType)}");
        }
    }

    /// <summary>Opens the column in <paramref name="row"/>, in which it must be active.</summary>
    /// <param name="row">A cursor, or a row of an engine.</param>
    /// <param name="side">The side S that images are brought to.</param>
    public ImageReader Open(DataViewRow row, int side) => new(row, Column, _layout, side);

    /// <summary>
    /// A side that suits the images: the median of the shorter sides of the first 256 that can be read, rounded up to a
    /// multiple of 8, at least 32 and at most 96.
    /// </summary>
    public static int SuggestSide(IDataView data, ImageColumn column) =>
        column._layout is { } layout ? Suitable(Math.Min(layout.Width, layout.Height)) : SuggestSide(Sides(data, column));

    /// <summary>Whether the images are photographs: half of the first 256 have a shorter side of 64 pixels, and half of the first 32 have colors.</summary>
    public static bool HoldsPhotographs(IDataView data, ImageColumn column)
    {
        if (column._layout is { } layout ? Math.Min(layout.Width, layout.Height) < PhotographSide : Median(Sides(data, column)) < PhotographSide)
        {
            return false;
        }

        var (seen, colored) = (0, 0);
        using var cursor = data.GetRowCursor([column.Column]);
        var reader = column.Open(cursor, SmallestSide);
        var planes = new byte[3 * SmallestSide * SmallestSide];
        while (seen < ColorSampleSize && cursor.MoveNext())
        {
            if (reader.Read(planes) is null)
            {
                seen++;
                colored += IsColored(planes) ? 1 : 0;
            }
        }

        return seen > 0 && 2 * colored >= seen;
    }

    /// <summary>The side that suits images with these shorter sides; the list is sorted.</summary>
    public static int SuggestSide(List<int> sides)
    {
        return Suitable(Median(sides));
    }

    private static int Median(List<int> sides)
    {
        sides.Sort();
        return sides.Count == 0 ? SmallestSide : sides[sides.Count / 2];
    }

    private static List<int> Sides(IDataView data, ImageColumn column)
    {
        var sides = new List<int>(SampleSize);
        using var cursor = data.GetRowCursor([column.Column]);
        var reader = column.Open(cursor, SmallestSide);
        while (sides.Count < SampleSize && cursor.MoveNext())
        {
            if (reader.ReadShorterSide() is { } side)
            {
                sides.Add(side);
            }
        }

        return sides;
    }

    /// <summary>Whether red, green and blue differ by more than rounding and compression make them: planes [3, S, S].</summary>
    private static bool IsColored(ReadOnlySpan<byte> planes)
    {
        var area = planes.Length / 3;
        var difference = 0L;
        for (var i = 0; i < area; i++)
        {
            var (red, green, blue) = (planes[i], planes[area + i], planes[(2 * area) + i]);
            difference += Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue));
        }

        return difference > (long)LeastColor * area;
    }

    private static int Suitable(int side) =>
        Math.Clamp((side + SideStep - 1) / SideStep * SideStep, SmallestSide, LargestSide);

    private static ArgumentOutOfRangeException Mismatch(string role, string name, string got) =>
        new("schema", $"Schema mismatch for {role} column '{name}': expected {Expected}, got {got}.");

    /// <summary>How a vector of floats holds an image.</summary>
    /// <param name="Width">Width in pixels.</param>
    /// <param name="Height">Height in pixels.</param>
    /// <param name="IsInterleaved">True for [height, width, 3], false for [3, height, width].</param>
    internal readonly record struct Layout(int Width, int Height, bool IsInterleaved)
    {
        /// <summary>The layout that the dimensions of a type tell; null where they are not an image's.</summary>
        public static Layout? Of(VectorDataViewType type)
        {
            switch (type.Dimensions)
            {
                case [3, > 0 and var height, > 0 and var width]:
                    return new(width, height, false);
                case [> 0 and var height, > 0 and var width, 3]:
                    return new(width, height, true);
                case [> 0 and var size]:
                    var side = (int)Math.Sqrt(size / 3.0);
                    return side > 0 && side * side * 3 == size ? new(side, side, false) : null;
                default:
                    return null;
            }
        }
    }
}
