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

    private readonly PixelLayout? _layout;

    private ImageColumn(DataViewSchema.Column column, PixelLayout? layout)
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
                when raw == typeof(float) && PixelLayout.Of(vector) is { } layout => new(column, layout),
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

    /// <summary>Makes a reader of the column in <paramref name="row"/>, in which it must be active.</summary>
    public PixelReader CreateReader(DataViewRow row, int side)
    {
        if (_layout is { } layout)
        {
            return new VectorPixelReader(row.GetGetter<VBuffer<float>>(Column), layout, side).Read;
        }

        return Column.Type is ImageDataViewType
            ? new MLImagePixelReader(row.GetGetter<MLImage>(Column), side).Read
            : new EncodedPixelReader(row.GetGetter<VBuffer<byte>>(Column), side).Read;
    }

    /// <summary>
    /// Makes a function that copies what the present row of <paramref name="row"/> holds; null where the row has no image. Files stay files, so
    /// that other threads may decode them; everything else is made [3, S, S] at once.
    /// </summary>
    public Func<ImageSnapshot?> CreateSnapshotReader(DataViewRow row, int side)
    {
        if (_layout is null && Column.Type is not ImageDataViewType)
        {
            var encoded = new EncodedPixelReader(row.GetGetter<VBuffer<byte>>(Column), side);
            return () => encoded.ReadFile() is { Length: > 0 } file ? new(file.ToArray(), false) : null;
        }

        var reader = CreateReader(row, side);
        return () =>
        {
            var pixels = new byte[3 * side * side];
            return reader(pixels, out _) == PixelFill.Filled ? new(pixels, true) : null;
        };
    }

    /// <summary>Decodes a snapshot. Safe to call from several threads at once.</summary>
    /// <param name="snapshot">What <see cref="CreateSnapshotReader"/> gave for the same side.</param>
    /// <param name="side">The side S.</param>
    /// <param name="pixels">Receives [3, S, S]; untouched unless <see cref="PixelFill.Filled"/> is returned.</param>
    /// <param name="reason">Why there are no pixels; null where there are.</param>
    public static PixelFill Decode(ImageSnapshot snapshot, int side, Span<byte> pixels, out string? reason)
    {
        reason = null;
        if (snapshot.IsDecoded)
        {
            snapshot.Content.CopyTo(pixels);
            return PixelFill.Filled;
        }

        var decoded = new RgbImage();
        reason = ImageDecoder.Decode(snapshot.Content, snapshot.Content.Length, decoded);
        if (reason is not null)
        {
            return PixelFill.Undecodable;
        }

        new ImageResampler(side).Resample(decoded, pixels);
        return PixelFill.Filled;
    }

    /// <summary>
    /// A side that suits the images: the median of the shorter sides of the first 256 that can be read, rounded up to a
    /// multiple of 8, at least 32 and at most 96.
    /// </summary>
    public static int SuggestSide(IDataView data, ImageColumn column)
    {
        if (column._layout is { } layout)
        {
            return Suitable(Math.Min(layout.Width, layout.Height));
        }

        var sides = new List<int>(SampleSize);
        using var cursor = data.GetRowCursor([column.Column]);
        var reader = column.CreateSideReader(cursor);
        while (sides.Count < SampleSize && cursor.MoveNext())
        {
            if (reader() is { } side)
            {
                sides.Add(side);
            }
        }

        return SuggestSide(sides);
    }

    /// <summary>The side that suits images with these shorter sides; the list is sorted.</summary>
    public static int SuggestSide(List<int> sides)
    {
        sides.Sort();
        return Suitable(sides.Count == 0 ? SmallestSide : sides[sides.Count / 2]);
    }

    private static int Suitable(int side) =>
        Math.Clamp((side + SideStep - 1) / SideStep * SideStep, SmallestSide, LargestSide);

    private Func<int?> CreateSideReader(DataViewRow row) => Column.Type is ImageDataViewType
        ? new MLImagePixelReader(row.GetGetter<MLImage>(Column), SmallestSide).ReadShorterSide
        : new EncodedPixelReader(row.GetGetter<VBuffer<byte>>(Column), SmallestSide).ReadShorterSide;

    private static ArgumentOutOfRangeException Mismatch(string role, string name, string got) =>
        new("schema", $"Schema mismatch for {role} column '{name}': expected {Expected}, got {got}.");
}
