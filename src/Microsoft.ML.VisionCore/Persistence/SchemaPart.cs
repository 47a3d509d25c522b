using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.VisionCore.Persistence;

/// <summary>
/// The part of a model file in which ML.NET keeps the schema of the model's input: a binary data view without rows. ML.NET's reader believes the sizes of vectors in it, and goes on for
/// hours, and for gigabytes, where they are damaged; so they are looked at before.
/// </summary>
/// <remarks>
/// Signature, versions and three offsets, 256 bytes in all; then wherever the offsets lead a table of the columns (name, codec, compression, rows in a block, two offsets), and for some a table of
/// annotations (kind, codec, compression, offset and length of the value). A codec is a name and its parameters; those of a vector are the codec of its items, the number of dimensions and these.
/// </remarks>
internal sealed class SchemaPart
{
    /// <summary>The name of the part.</summary>
    public const string Name = "Schema";

    /// <summary>The most bytes that are read: a schema is a page, and longer only by the names of classes.</summary>
    public const int LargestLength = 16 << 20;

    private const int HeaderBytes = 256;
    private const int MostColumns = 100_000, MostAnnotations = 1_000, MostDimensions = 16, DeepestCodec = 8;
    private const byte Uncompressed = 0, Deflated = 1;

    /// <summary>A vector of annotations may have more items than bytes: where nearly all are empty.</summary>
    private const long LeastItems = 1 << 16;
    private const int ItemsPerByte = 8;
    private const int LargestValue = 4 * LargestLength;

    private readonly byte[] _bytes;
    private int _at;

    private SchemaPart(byte[] bytes) => _bytes = bytes;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public static string? Fault(byte[] bytes)
    {
        try
        {
            new SchemaPart(bytes).Check();
            return null;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            return e is InvalidDataException ? e.Message : "it ends too early";
        }
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidDataException(otherwise);
        }
    }

    private void Check()
    {
        Require(_bytes.Length >= HeaderBytes && _bytes.AsSpan().StartsWith("CML\0DVB\0"u8), "it is no binary data view");
        _at = 24;
        var table = Int64();
        _ = Int64();
        Require(Int64() == 0, "it has rows");
        var columns = Int32();
        Require(columns is >= 0 and <= MostColumns, $"it has {columns} columns");
        _at = checked((int)table);
        for (var column = 0; column < columns; column++)
        {
            Text();
            Codec(depth: 0);
            _ = Byte();
            _ = Number();
            _ = Int64();
            var annotations = Int64();
            if (annotations != 0)
            {
                var back = _at;
                _at = checked((int)annotations);
                Annotations();
                _at = back;
            }
        }
    }

    private void Annotations()
    {
        var count = Number();
        Require(count <= MostAnnotations, $"a column has {count} annotations");
        for (var one = 0; one < count; one++)
        {
            Text();
            var items = Codec(depth: 0);
            var compression = Byte();
            var (offset, length) = (Int64(), Number());
            Require(offset >= 0 && offset <= _bytes.Length && length <= _bytes.Length - offset, "an annotation lies outside of it");
            var size = Size(_bytes.AsSpan((int)offset, (int)length).ToArray(), compression);
            Require(items <= Math.Max(LeastItems, ItemsPerByte * size), $"an annotation of {size} bytes has {items} items");
        }
    }

    // The items of a vector, or 1.
    private long Codec(int depth)
    {
        Require(depth < DeepestCodec, "its types are nested too deeply");
        var name = Text();
        var end = checked(Number() + _at);
        Require(end <= _bytes.Length, "a type goes beyond its end");
        var items = 1L;
        if (name == "VBuffer")
        {
            items = Codec(depth + 1);
            var dimensions = Int32();
            Require(dimensions is >= 0 and <= MostDimensions, $"a vector has {dimensions} dimensions");
            for (var dimension = 0; dimension < dimensions; dimension++)
            {
                var size = Int32();
                Require(size >= 0, $"a vector has the dimension {size}");
                items = checked(items * size);
            }

            Require(_at == end, "the parameters of a vector are longer than they say");
        }

        _at = checked((int)end);
        return items;
    }

    private static long Size(byte[] value, byte compression)
    {
        Require(compression is Uncompressed or Deflated, "an annotation is compressed in an unknown way");
        if (compression == Uncompressed)
        {
            return value.Length;
        }

        using var inflated = new DeflateStream(new MemoryStream(value), CompressionMode.Decompress);
        var (buffer, size) = (new byte[4096], 0L);
        while (inflated.Read(buffer) is > 0 and var read)
        {
            Require((size += read) <= LargestValue, "an annotation is too long");
        }

        return size;
    }

    private string Text()
    {
        var length = checked((int)Number());
        var text = Encoding.UTF8.GetString(_bytes.AsSpan(_at, length));
        _at += length;
        return text;
    }

    // Seven bits in a byte, the lowest first.
    private long Number()
    {
        var number = 0L;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = Byte();
            number |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw new InvalidDataException("a number does not end");
    }

    private byte Byte() => _bytes.AsSpan(_at++, 1)[0];

    private int Int32()
    {
        var number = BitConverter.ToInt32(_bytes.AsSpan(_at, 4));
        _at += 4;
        return number;
    }

    private long Int64()
    {
        var number = BitConverter.ToInt64(_bytes.AsSpan(_at, 8));
        _at += 8;
        return number;
    }
}
