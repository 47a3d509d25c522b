using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>A column of vectors of F numbers, which are read as bytes of <see cref="float"/>.</summary>
internal sealed class VectorFeatures : IFeatureColumn
{
    private const string Expected = "a known-size Vector<Single>";

    private VectorFeatures(DataViewSchema.Column column, int length)
    {
        Column = column;
        Length = length;
    }

    /// <summary>The numbers F.</summary>
    public int Length { get; }

    public DataViewSchema.Column Column { get; }

    public IReadOnlyList<DataViewSchema.Column> Sources => [Column];

    public string Noun => "feature vector";

    public int RowBytes => Length * sizeof(float);

    /// <summary>Finds and checks a column of vectors.</summary>
    /// <param name="schema">The schema to look in.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="role">What the column is for, as error messages name it.</param>
    /// <param name="length">The length that is needed; null where any is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, holds something else, or vectors of another length.</exception>
    public static VectorFeatures Bind(DataViewSchema schema, string name, string role, int? length = null)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Missing(role, name, length);
        if (column.Type is not VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType { RawType: var raw } } vector || raw != typeof(float))
        {
            throw Mismatch(role, name, length, $"{column.Type}");
        }

        return length is null || vector.Size == length ? new VectorFeatures(column, vector.Size)
            : throw new ArgumentOutOfRangeException(nameof(schema), $"The {role} column '{name}' has vectors of length {vector.Size}; the model takes vectors of length {length}.");
    }

    /// <summary>Checks the shape of a column as <see cref="Bind"/> does, as far as a shape tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or holds something else.</exception>
    public static void Check(SchemaShape schema, string name, string role)
    {
        var column = schema.Cast<SchemaShape.Column?>().FirstOrDefault(candidate => candidate!.Value.Name == name) ?? throw Missing(role, name, null);
        if (column is not { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } || column.ItemType.RawType != typeof(float))
        {
            throw Mismatch(role, name, null, $"{column.Kind} of {(column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType)}");
        }
    }

    public FeatureReader CreateReader(DataViewRow row)
    {
        var getter = row.GetGetter<VBuffer<float>>(Column);
        var buffer = default(VBuffer<float>);
        return features =>
        {
            getter(ref buffer);
            if (buffer.Length != Length)
            {
                return $"the row has {buffer.Length} values; {Length} were expected";
            }

            var values = MemoryMarshal.Cast<byte, float>(features);
            buffer.CopyTo(values);
            foreach (var value in values)
            {
                if (!float.IsFinite(value))
                {
                    return "the row has values that are not finite numbers";
                }
            }

            return null;
        };
    }

    private static string Wanted(int? length) => length is null ? Expected : $"{Expected} of length {length}";

    private static ArgumentOutOfRangeException Missing(string role, string name, int? length) =>
        new("schema", $"The {role} column '{name}' was not found. Expected {Wanted(length)}.");

    private static ArgumentOutOfRangeException Mismatch(string role, string name, int? length, string got) =>
        new("schema", $"Schema mismatch for {role} column '{name}': expected {Wanted(length)}, got {got}.");
}
