namespace Microsoft.ML.Data;

/// <summary>Reading keys of any raw type.</summary>
internal static class KeyIndex
{
    /// <summary>A getter of a key column's values as numbers from 1 on; 0 is missing.</summary>
    internal static ValueGetter<ulong> MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var type = column.Type.RawType;
        return type == typeof(uint) ? Make<uint>(row, column, key => key)
            : type == typeof(byte) ? Make<byte>(row, column, key => key)
            : type == typeof(ushort) ? Make<ushort>(row, column, key => key)
            : row.GetGetter<ulong>(column);
    }

    private static ValueGetter<ulong> Make<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        var getter = row.GetGetter<T>(column);
        T key = default;
        return (ref ulong index) =>
        {
            getter(ref key);
            index = widen(key);
        };
    }
}
