using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Support;

/// <summary>A bound column that tells tasks apart: text or a key.</summary>
internal sealed class GroupColumn
{
    private GroupColumn(DataViewSchema.Column column) => Column = column;

    public DataViewSchema.Column Column { get; }

    /// <summary>Finds and checks the column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    public static GroupColumn Bind(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(schema), $"The group column '{name}' was not found. Expected text or Key<UInt32>.");
        return column.Type is TextDataViewType || (column.Type is KeyDataViewType key && key.RawType == typeof(uint)) ? new GroupColumn(column)
            : throw new ArgumentOutOfRangeException(nameof(schema),
                $"Schema mismatch for group column '{name}': expected text or Key<UInt32>, got {column.Type}.");
    }

    /// <summary>Makes a function that gives the task of the present row; null where it is missing.</summary>
    public Func<string?> Open(DataViewRow row)
    {
        if (Column.Type is TextDataViewType)
        {
            var getText = row.GetGetter<ReadOnlyMemory<char>>(Column);
            var text = default(ReadOnlyMemory<char>);
            return () =>
            {
                getText(ref text);
                return text.IsEmpty ? null : text.ToString();
            };
        }

        var getKey = row.GetGetter<uint>(Column);
        var key = 0u;
        return () =>
        {
            getKey(ref key);
            return key == 0 ? null : key.ToString(CultureInfo.InvariantCulture);
        };
    }
}
