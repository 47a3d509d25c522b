using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Finds and checks the label columns of support sets.</summary>
internal static class LabelColumns
{
    private const string Role = "label", CandidatesRole = "candidates";
    private const string Expected = "text or Key<UInt32>";

    /// <summary>Finds labels that are text or keys, and candidates of the same kind.</summary>
    /// <param name="schema">The schema to look in.</param>
    /// <param name="name">The name of the label column.</param>
    /// <param name="candidatesName">The name of the column of candidates; null where there is none.</param>
    /// <param name="least">The fewest classes of a key.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static LabelReader Bind(DataViewSchema schema, string name, string? candidatesName, int least)
    {
        var label = schema.GetColumnOrNull(name) ?? throw Missing(Role, name, Expected);
        if (label.Type is TextDataViewType)
        {
            return new TextLabelReader(label, Candidates(schema, candidatesName, "a vector of text", type => type is TextDataViewType));
        }

        return label.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint) ? BindKey(schema, name, candidatesName, least)
            : throw Mismatch(Role, name, Expected, $"{label.Type}");
    }

    /// <summary>Finds labels that are keys, and candidates of the same keys.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static KeyLabelReader BindKey(DataViewSchema schema, string name, string? candidatesName, int least = ClassLabels.LeastCount)
    {
        var (label, labels) = ClassLabels.Bind(schema, name, Role, least);
        return new KeyLabelReader(label, labels, Candidates(schema, candidatesName, $"a vector of {label.Type}",
            type => type is KeyDataViewType key && key.RawType == typeof(uint) && key.Count == (ulong)labels.Count));
    }

    /// <summary>Checks the shape of a label column as <see cref="Bind"/> does, as far as a shape tells.</summary>
    /// <returns>A key column whose annotations are those of the predicted label's keys.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static SchemaShape.Column Check(SchemaShape schema, string name, string? candidatesName)
    {
        var label = Find(schema, name) ?? throw Missing(Role, name, Expected);
        if (candidatesName is not null)
        {
            Check(Find(schema, candidatesName), candidatesName, label);
        }

        if (label is { Kind: SchemaShape.Column.VectorKind.Scalar, ItemType: TextDataViewType })
        {
            var values = new SchemaShape.Column("KeyValues", SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false);
            return new SchemaShape.Column(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, new SchemaShape([values]));
        }

        return label is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar } && label.ItemType.RawType == typeof(uint) ? label
            : throw Mismatch(Role, name, Expected, Describe(label));
    }

    private static void Check(SchemaShape.Column? candidates, string name, SchemaShape.Column label)
    {
        var expected = $"a vector of {(label.IsKey ? "keys of the label's type" : "text")}";
        var column = candidates ?? throw Missing(CandidatesRole, name, expected);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || column.IsKey != label.IsKey || !column.ItemType.Equals(label.ItemType))
        {
            throw Mismatch(CandidatesRole, name, expected, Describe(column));
        }
    }

    private static DataViewSchema.Column? Candidates(DataViewSchema schema, string? name, string expected, Func<DataViewType, bool> isItem)
    {
        if (name is null)
        {
            return null;
        }

        var column = schema.GetColumnOrNull(name) ?? throw Missing(CandidatesRole, name, expected);
        return column.Type is VectorDataViewType vector && isItem(vector.ItemType) ? column : throw Mismatch(CandidatesRole, name, expected, $"{column.Type}");
    }

    private static SchemaShape.Column? Find(SchemaShape schema, string name) =>
        schema.Cast<SchemaShape.Column?>().FirstOrDefault(candidate => candidate!.Value.Name == name);

    private static string Describe(SchemaShape.Column column) => $"{column.Kind} of {(column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType)}";

    private static ArgumentOutOfRangeException Missing(string role, string name, string expected) =>
        new("schema", $"The {role} column '{name}' was not found. Expected {expected}.");

    private static ArgumentOutOfRangeException Mismatch(string role, string name, string expected, string got) =>
        new("schema", $"Schema mismatch for {role} column '{name}': expected {expected}, got {got}.");
}
