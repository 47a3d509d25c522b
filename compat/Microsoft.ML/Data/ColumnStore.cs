using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Copies of one column's values, row by row.</summary>
internal abstract class ColumnStore
{
    public static ColumnStore Create(DataViewType type) => (ColumnStore)Activator.CreateInstance(typeof(ColumnStore<>).MakeGenericType(type.RawType));

    /// <summary>Binds the store to a row; what it returns stores the row's value at an index.</summary>
    public abstract Action<int> Bind(DataViewRow row, DataViewSchema.Column column);

    /// <summary>A getter of the value at the index that a function gives.</summary>
    public abstract Delegate MakeGetter(Func<int> index);

    /// <summary>Values that may own something are not copied.</summary>
    public static bool CanStore(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>The data without the columns that cannot be stored.</summary>
    public static IDataView Storable(IDataView data) => data.Schema.All(column => CanStore(column.Type)) ? data : new ColumnSubset(data, column => CanStore(column.Type));
}

internal sealed class ColumnStore<T> : ColumnStore
{
    private T[] _values = [];

    public override Action<int> Bind(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return index =>
        {
            if (index >= _values.Length)
            {
                Array.Resize(ref _values, (int)Math.Min(Array.MaxLength, Math.Max(16, _values.Length * 2L)));
            }

            getter(ref value);
            ValueCopier<T>.Copy(in value, ref _values[index]);
        };
    }

    public override Delegate MakeGetter(Func<int> index) => (ValueGetter<T>)((ref T destination) =>
    {
        var at = index();
        Contracts.Check(at >= 0, RowCursorUtils.FetchValueStateError);
        ValueCopier<T>.Copy(in _values[at], ref destination);
    });
}
