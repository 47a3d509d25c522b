using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>The classes of a key column: how many there are and, where the column tells, what they are called.</summary>
internal class ClassLabels
{
    /// <summary>More classes than this are taken for a mistake: a key type without a count claims billions.</summary>
    internal const int MaxCount = 1 << 16;

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

    /// <summary>Reads the classes of a label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is not a key of type <see cref="uint"/> with 2 to 65,536 values.</exception>
    public static ClassLabels Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType key || key.RawType != typeof(uint))
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"Schema mismatch for label column '{column.Name}': expected Key<UInt32>, got {column.Type}. " +
                "MapValueToKey makes a key of any column.");
        }

        if (key.Count is < 2 or > MaxCount)
        {
            throw new ArgumentOutOfRangeException(nameof(column), $"The label column '{column.Name}' has a key type of {key.Count} classes; expected 2 to {MaxCount}. " +
                "The number of classes comes from the key type.");
        }

        var count = (int)key.Count;
        return column.Annotations.Schema.GetColumnOrNull(KeyValues) is { Type: VectorDataViewType vector } values && vector.Size == count
            ? KeyValueCodec.Read(column, values)
            : new ClassLabels(count);
    }
}
