using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Key values (text, numbers, Booleans) ↔ text that says exactly the same.</summary>
internal static class KeyValueCodec
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private static readonly IValues[] All =
    [
        new Values<ReadOnlyMemory<char>>("Text", TextDataViewType.Instance, value => value.ToString(), text => text.AsMemory()),
        new Values<bool>("Boolean", BooleanDataViewType.Instance, value => value ? "true" : "false", bool.Parse),
        new Values<sbyte>("SByte", NumberDataViewType.SByte, value => value.ToString(Culture), text => sbyte.Parse(text, Culture)),
        new Values<byte>("Byte", NumberDataViewType.Byte, value => value.ToString(Culture), text => byte.Parse(text, Culture)),
        new Values<short>("Int16", NumberDataViewType.Int16, value => value.ToString(Culture), text => short.Parse(text, Culture)),
        new Values<ushort>("UInt16", NumberDataViewType.UInt16, value => value.ToString(Culture), text => ushort.Parse(text, Culture)),
        new Values<int>("Int32", NumberDataViewType.Int32, value => value.ToString(Culture), text => int.Parse(text, Culture)),
        new Values<uint>("UInt32", NumberDataViewType.UInt32, value => value.ToString(Culture), text => uint.Parse(text, Culture)),
        new Values<long>("Int64", NumberDataViewType.Int64, value => value.ToString(Culture), text => long.Parse(text, Culture)),
        new Values<ulong>("UInt64", NumberDataViewType.UInt64, value => value.ToString(Culture), text => ulong.Parse(text, Culture)),
        new Values<float>("Single", NumberDataViewType.Single, value => value.ToString("R", Culture), text => float.Parse(text, Culture)),
        new Values<double>("Double", NumberDataViewType.Double, value => value.ToString("R", Culture), text => double.Parse(text, Culture)),
    ];

    private interface IValues
    {
        string Name { get; }

        PrimitiveDataViewType Type { get; }

        ClassLabels Read(DataViewSchema.Column column);

        ClassLabels Parse(string[] text);
    }

    /// <summary>The name under which a type of values is stored.</summary>
    public static string NameOf(PrimitiveDataViewType type) =>
        Find(type)?.Name ?? throw new NotSupportedException($"Key values of type {type} cannot be stored.");

    /// <summary>Reads the key values of a column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The values are of a type that cannot be stored.</exception>
    public static ClassLabels Read(DataViewSchema.Column column, DataViewSchema.Column values)
    {
        var type = ((VectorDataViewType)values.Type).ItemType;
        return Find(type)?.Read(column)
            ?? throw new ArgumentOutOfRangeException(nameof(column),
                $"The key values of the label column '{column.Name}' are of type {type}; expected text, numbers or Booleans.");
    }

    /// <summary>Makes the classes of what a file says.</summary>
    /// <exception cref="FormatException">The type is unknown, or a text is not a value of it.</exception>
    public static ClassLabels Parse(string type, string[] text)
    {
        var values = Array.Find(All, candidate => candidate.Name == type)
            ?? throw new FormatException($"Key values of type '{type}' are unknown.");
        try
        {
            return values.Parse(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FormatException($"A key value is not of type {type}: {exception.Message}");
        }
    }

    private static IValues? Find(DataViewType type) => Array.Find(All, candidate => candidate.Type.Equals(type));

    private sealed record Values<T>(string Name, PrimitiveDataViewType Type, Func<T, string> Format, Func<string, T> FromText) : IValues
    {
        public ClassLabels Read(DataViewSchema.Column column)
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue("KeyValues", ref values);
            return new ClassLabelsOf<T>(Type, [.. values.DenseValues()], Format);
        }

        public ClassLabels Parse(string[] text) => new ClassLabelsOf<T>(Type, Array.ConvertAll(text, value => FromText(value)), Format);
    }
}
