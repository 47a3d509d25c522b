using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Writes and reads column types, and values of them; types that only other libraries know cannot be written.</summary>
internal static class TypeCodec
{
    private const byte Standard = 0;
    private const byte Key = 1;
    private const byte Vector = 2;

    public static bool CanWrite(DataViewType type)
    {
        var item = type.GetItemType();
        return item is KeyDataViewType || ReferenceEquals(ColumnTypeExtensions.Find(item.RawType), item);
    }

    // *** Binary format ***
    // byte 0: standard type; string: name of the raw type
    // byte 1: key; string: name of the raw type; ulong: count
    // byte 2: vector; int: number of dimensions; ints: dimensions; then the item type
    public static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write(Vector);
                writer.Write(vector.Dimensions.Length);
                foreach (var dimension in vector.Dimensions)
                {
                    writer.Write(dimension);
                }

                WriteType(writer, vector.ItemType);
                break;
            case KeyDataViewType key:
                writer.Write(Key);
                writer.Write(key.RawType.Name);
                writer.Write(key.Count);
                break;
            default:
                writer.Write(Standard);
                writer.Write(NameOf(type.RawType));
                break;
        }
    }

    public static DataViewType ReadType(BinaryReader reader)
    {
        switch (reader.ReadByte())
        {
            case Vector:
                var count = reader.ReadInt32();
                if (count is < 1 or > 100)
                {
                    throw new FormatException($"A vector type has {count} dimensions");
                }

                var dimensions = Enumerable.Range(0, count).Select(_ => reader.ReadInt32()).ToImmutableArray();
                return new VectorDataViewType((PrimitiveDataViewType)ReadType(reader), dimensions);
            case Key:
                return new KeyDataViewType(RawTypeOf(reader.ReadString()), reader.ReadUInt64());
            case Standard:
                return ColumnTypeExtensions.Find(RawTypeOf(reader.ReadString()));
            case var other:
                throw new FormatException($"Unknown kind of column type: {other}");
        }
    }

    /// <summary>Writes a value whose .NET type is the raw type of a type that can be written.</summary>
    public static void WriteValue<T>(BinaryWriter writer, T value)
    {
        if (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>))
        {
            TypeDispatch.Call(typeof(TypeCodec), nameof(WriteVector), typeof(T).GetGenericArguments()[0], writer, value);
            return;
        }

        WriteScalar(writer, value);
    }

    /// <summary>Reads what <see cref="WriteValue"/> wrote.</summary>
    public static T ReadValue<T>(BinaryReader reader)
        => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? (T)TypeDispatch.Call(typeof(TypeCodec), nameof(ReadVector), typeof(T).GetGenericArguments()[0], reader)
            : (T)ReadScalar(reader, typeof(T));

    private static void WriteVector<T>(BinaryWriter writer, VBuffer<T> vector)
    {
        writer.Write(vector.Length);
        writer.Write(vector.GetValues().Length);
        foreach (var item in vector.Items())
        {
            writer.Write(item.Key);
            WriteScalar(writer, item.Value);
        }
    }

    private static VBuffer<T> ReadVector<T>(BinaryReader reader)
    {
        var (length, count) = (reader.ReadInt32(), reader.ReadInt32());
        if (count < 0 || count > length || count > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new FormatException($"A vector of {length} has {count} values");
        }

        var (values, indices) = (new T[count], new int[count]);
        for (var i = 0; i < count; i++)
        {
            indices[i] = reader.ReadInt32();
            values[i] = (T)ReadScalar(reader, typeof(T));
        }

        return new VBuffer<T>(length, count, values, indices);
    }

    private static void WriteScalar(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case ReadOnlyMemory<char> v: writer.Write(v.ToString()); break;
            case bool v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case byte v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            default: throw new NotSupportedException($"Values of type {value.GetType()} cannot be written");
        }
    }

    private static object ReadScalar(BinaryReader reader, Type type) => type switch
    {
        _ when type == typeof(ReadOnlyMemory<char>) => (object)reader.ReadString().AsMemory(),
        _ when type == typeof(bool) => (object)reader.ReadBoolean(),
        _ when type == typeof(sbyte) => (object)reader.ReadSByte(),
        _ when type == typeof(byte) => (object)reader.ReadByte(),
        _ when type == typeof(short) => (object)reader.ReadInt16(),
        _ when type == typeof(ushort) => (object)reader.ReadUInt16(),
        _ when type == typeof(int) => (object)reader.ReadInt32(),
        _ when type == typeof(uint) => (object)reader.ReadUInt32(),
        _ when type == typeof(long) => (object)reader.ReadInt64(),
        _ when type == typeof(ulong) => (object)reader.ReadUInt64(),
        _ when type == typeof(float) => (object)reader.ReadSingle(),
        _ when type == typeof(double) => (object)reader.ReadDouble(),
        _ => throw new NotSupportedException($"Values of type {type} cannot be read"),
    };

    private static string NameOf(Type rawType) => rawType == typeof(ReadOnlyMemory<char>) ? "String" : rawType.Name;

    private static Type RawTypeOf(string name) => name switch
    {
        "String" => typeof(ReadOnlyMemory<char>),
        nameof(Boolean) => typeof(bool),
        nameof(SByte) => typeof(sbyte),
        nameof(Byte) => typeof(byte),
        nameof(Int16) => typeof(short),
        nameof(UInt16) => typeof(ushort),
        nameof(Int32) => typeof(int),
        nameof(UInt32) => typeof(uint),
        nameof(Int64) => typeof(long),
        nameof(UInt64) => typeof(ulong),
        nameof(Single) => typeof(float),
        nameof(Double) => typeof(double),
        _ => throw new FormatException($"Unknown column type '{name}'"),
    };
}
