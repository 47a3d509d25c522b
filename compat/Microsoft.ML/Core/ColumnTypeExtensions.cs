namespace Microsoft.ML.Data;

internal static class ColumnTypeExtensions
{
    private static readonly PrimitiveDataViewType[] Standard =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        TextDataViewType.Instance, BooleanDataViewType.Instance,
    ];

    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    /// <summary>The standard type over a raw type; <see cref="string"/> counts as text.</summary>
    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type)
        => Find(type) ?? throw new InvalidOperationException($"Bad type: {type}");

    /// <summary>The standard type over a raw type, or null.</summary>
    internal static PrimitiveDataViewType Find(Type type)
        => type == typeof(string) ? TextDataViewType.Instance : Standard.FirstOrDefault(standard => standard.RawType == type);
}
