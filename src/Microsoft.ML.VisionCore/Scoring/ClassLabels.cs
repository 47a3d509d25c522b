using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>The classes of a key column: how many there are and, where the column tells, what they are called.</summary>
internal class ClassLabels
{
    /// <summary>More classes than this are taken for a mistake: a key type without a count claims billions.</summary>
    internal const int MaxCount = 1 << 16;

    /// <summary>Among fewer there is nothing to choose, unless a classifier may also say that it is none of them.</summary>
    internal const int LeastCount = 2;

    private const string KeyValues = "KeyValues";

    public ClassLabels(int count) => Count = count;

    /// <summary>The number of classes, Y.</summary>
    public int Count { get; }

    /// <summary>The type of the classes' values; null where the column had none.</summary>
    public virtual PrimitiveDataViewType? ValueType => null;

    /// <summary>The value of a class for messages.</summary>
    /// <param name="index">From 0.</param>
    public virtual string NameOf(int index) => $"{index + 1}";

    /// <summary>Adds the values as an annotation, where there are any.</summary>
    public virtual void AddTo(DataViewSchema.Annotations.Builder annotations, string kind)
    {
    }

    /// <summary>The values as text that <see cref="KeyValueCodec"/> reads back; null where there are none.</summary>
    public virtual string[]? ToText() => null;

    /// <summary>Finds a label column and reads its classes.</summary>
    /// <param name="schema">The schema to look in.</param>
    /// <param name="name">The name of the column.</param>
    /// <param name="role">What the column is for, as error messages name it.</param>
    /// <param name="least">The fewest classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not a key of type <see cref="uint"/> with 2 to 65,536 values.</exception>
    public static (DataViewSchema.Column Column, ClassLabels Labels) Bind(DataViewSchema schema, string name, string role, int least = LeastCount)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Missing(role, name);
        if (column.Type is not KeyDataViewType key || key.RawType != typeof(uint))
        {
            throw Mismatch(role, name, $"{column.Type}");
        }

        if (key.Count < (ulong)least || key.Count > MaxCount)
        {
            throw new ArgumentOutOfRangeException(nameof(schema), $"The {role} column '{name}' has a key type of " + (key.Count == 1
                ? $"1 class; expected {least} to {MaxCount}. MapValueToKey makes such a key where all rows have one label, and where there are no rows."
                : $"{key.Count} classes; expected {least} to {MaxCount}. The number of classes comes from the key type."));
        }

        var count = (int)key.Count;
        return column.Annotations.Schema.GetColumnOrNull(KeyValues) is { Type: VectorDataViewType vector } values && vector.Size == count
            ? (column, KeyValueCodec.Read(column, values))
            : (column, new ClassLabels(count));
    }

    /// <summary>Checks the shape of a label column as <see cref="Bind"/> does, as far as a shape tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or not a key of type <see cref="uint"/>.</exception>
    public static SchemaShape.Column Check(SchemaShape schema, string name, string role)
    {
        var column = schema.Cast<SchemaShape.Column?>().FirstOrDefault(candidate => candidate!.Value.Name == name) ?? throw Missing(role, name);
        return column is { IsKey: true, Kind: SchemaShape.Column.VectorKind.Scalar } && column.ItemType.RawType == typeof(uint)
            ? column
            : throw Mismatch(role, name, $"{column.Kind} of {(column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType)}");
    }

    private static ArgumentOutOfRangeException Missing(string role, string name) =>
        new("schema", $"The {role} column '{name}' was not found. Expected Key<UInt32>.");

    private static ArgumentOutOfRangeException Mismatch(string role, string name, string got) =>
        new("schema", $"Schema mismatch for {role} column '{name}': expected Key<UInt32>, got {got}. MapValueToKey makes a key of any column.");
}

/// <summary>Classes whose values are known.</summary>
internal sealed class ClassLabelsOf<T>(PrimitiveDataViewType type, T[] values, Func<T, string> format) : ClassLabels(values.Length)
{
    public override PrimitiveDataViewType ValueType => type;

    public override string NameOf(int index) => format(values[index]);

    public override string[] ToText() => Array.ConvertAll(values, value => format(value));

    public override void AddTo(DataViewSchema.Annotations.Builder annotations, string kind)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> target) =>
        {
            var editor = VBufferEditor.Create(ref target, values.Length);
            values.CopyTo(editor.Values);
            target = editor.Commit();
        };
        annotations.Add(kind, new VectorDataViewType(type, values.Length), getter);
    }
}
