using System.IO.Compression;

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

    private const int HeaderBytes = 256, OffsetsAt = 24;
    private const int MostColumns = 100_000, MostAnnotations = 1_000, MostDimensions = 16, DeepestCodec = 8;
    private const byte Uncompressed = 0, Deflated = 1;

    /// <summary>A vector of annotations may have more items than bytes: where nearly all are empty.</summary>
    private const long LeastItems = 1 << 16;
    private const int ItemsPerByte = 8;
    private const int LargestValue = 4 * LargestLength;

    private readonly byte[] _bytes;
    private readonly BinaryReader _reader;

    private SchemaPart(byte[] bytes) => (_bytes, _reader) = (bytes, new BinaryReader(new MemoryStream(bytes, writable: false)));

    private long Place
    {
        get => _reader.BaseStream.Position;
        set => _reader.BaseStream.Position = value;
    }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public static string? Fault(byte[] bytes)
    {
        try
        {
            new SchemaPart(bytes).Check();
            return null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            return "it ends too early";
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
        Place = OffsetsAt;
        var table = _reader.ReadInt64();
        _ = _reader.ReadInt64();
        Require(_reader.ReadInt64() == 0, "it has rows");
        var columns = _reader.ReadInt32();
        Require(columns is >= 0 and <= MostColumns, FormattableString.Invariant($"it has {columns} columns"));
        Place = table;
        for (var column = 0; column < columns; column++)
        {
            _ = _reader.ReadString();
            Codec(depth: 0);
            _ = _reader.ReadByte();
            _ = _reader.Read7BitEncodedInt64();
            _ = _reader.ReadInt64();
            var annotations = _reader.ReadInt64();
            if (annotations != 0)
            {
                var back = Place;
                Place = annotations;
                Annotations();
                Place = back;
            }
        }
    }

    private void Annotations()
    {
        var count = _reader.Read7BitEncodedInt64();
        Require(count is >= 0 and <= MostAnnotations, FormattableString.Invariant($"a column has {count} annotations"));
        for (var one = 0; one < count; one++)
        {
            _ = _reader.ReadString();
            var items = Codec(depth: 0);
            var compression = _reader.ReadByte();
            var (offset, length) = (_reader.ReadInt64(), _reader.Read7BitEncodedInt64());
            Require(offset >= 0 && offset <= _bytes.Length && length >= 0 && length <= _bytes.Length - offset, "an annotation lies outside of it");
            var size = Size(new MemoryStream(_bytes, (int)offset, (int)length), compression);
            Require(items <= Math.Max(LeastItems, ItemsPerByte * size), FormattableString.Invariant($"an annotation of {size} bytes has {items} items"));
        }
    }

    // The items of a vector, or 1.
    private long Codec(int depth)
    {
        Require(depth < DeepestCodec, "its types are nested too deeply");
        var name = _reader.ReadString();
        var length = _reader.Read7BitEncodedInt64();
        var end = checked(Place + length);
        Require(length >= 0 && end <= _bytes.Length, "a type goes beyond its end");
        var items = 1L;
        if (name == "VBuffer")
        {
            items = Codec(depth + 1);
            var dimensions = _reader.ReadInt32();
            Require(dimensions is >= 0 and <= MostDimensions, FormattableString.Invariant($"a vector has {dimensions} dimensions"));
            for (var dimension = 0; dimension < dimensions; dimension++)
            {
                var size = _reader.ReadInt32();
                Require(size >= 0, FormattableString.Invariant($"a vector has the dimension {size}"));
                items = checked(items * size);
            }

            Require(Place == end, "the parameters of a vector are longer than they say");
        }

        Place = end;
        return items;
    }

    private static long Size(MemoryStream value, byte compression)
    {
        Require(compression is Uncompressed or Deflated, "an annotation is compressed in an unknown way");
        if (compression == Uncompressed)
        {
            return value.Length;
        }

        using var inflated = new DeflateStream(value, CompressionMode.Decompress);
        var (buffer, size) = (new byte[4096], 0L);
        while (inflated.Read(buffer) is > 0 and var read)
        {
            Require((size += read) <= LargestValue, "an annotation is too long");
        }

        return size;
    }
}
