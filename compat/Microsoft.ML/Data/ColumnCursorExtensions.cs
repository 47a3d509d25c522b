using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads single columns.</summary>
public static class ColumnCursorExtensions
{
    /// <summary>The values of a column; text also as string, vectors also as arrays.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    /// <summary>The values of a column; text also as string, vectors also as arrays.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        var own = data.Schema[column.Index];
        Contracts.CheckParam(own.Name == column.Name && own.Type == column.Type, nameof(column), $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in {nameof(data)}");
        if (own.Type.RawType == typeof(T))
        {
            return Values<T>(data, own);
        }

        if (typeof(T) == typeof(string) && own.Type is TextDataViewType)
        {
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, own).Select(text => text.ToString());
        }

        if (typeof(T).IsArray)
        {
            Contracts.CheckParam(own.Type is VectorDataViewType, nameof(column), $"Cannot load vector type, {own.Type}, specified in {nameof(column)} to the user-defined type, {typeof(T)}.");
            var item = ((VectorDataViewType)own.Type).ItemType;
            if (typeof(T) == typeof(string[]) && item is TextDataViewType)
            {
                return (IEnumerable<T>)Values<VBuffer<ReadOnlyMemory<char>>>(data, own).Select(texts => texts.DenseValues().Select(text => text.ToString()).ToArray());
            }

            if (typeof(T).GetElementType() == item.RawType)
            {
                return (IEnumerable<T>)TypeDispatch.Call(typeof(ColumnCursorExtensions), nameof(Arrays), item.RawType, data, own);
            }
        }

        throw Contracts.ExceptParam(nameof(column), $"Cannot map column (name: {own.Name}, type: {own.Type}) in {nameof(data)} to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) => Values<VBuffer<T>>(data, column).Select(vector =>
    {
        var array = new T[vector.Length];
        vector.CopyTo(array);
        return array;
    });

    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return value;
        }
    }
}
