using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Weights;

/// <summary>Reads what <see cref="SafetensorsWriter"/> describes. The whole header is checked against the length of the file before a tensor is allocated.</summary>
internal sealed class SafetensorsReader
{
    /// <summary>No sensible header is longer, and it is the first thing that is allocated.</summary>
    private const long LongestHeader = 100_000_000;

    private const int MostDimensions = 16;

    private readonly Stream _stream;
    private bool _read;

    private SafetensorsReader(Stream stream, IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        _stream = stream;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header; the stream then stands at the first data byte.</summary>
    /// <param name="stream">Stands at the start of the content and stays open as long as the reader is used.</param>
    /// <param name="length">The length of the content in bytes.</param>
    /// <exception cref="FormatException">The content is damaged; the message names the tensor.</exception>
    public static SafetensorsReader Open(Stream stream, long length)
    {
        if (length < 8)
        {
            throw new FormatException($"A weights file has at least 8 bytes; this one has {length}.");
        }

        Span<byte> prefix = stackalloc byte[8];
        Fill(stream, prefix, "the length of the header");
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LongestHeader || (long)headerLength > length - 8)
        {
            throw new FormatException($"The header of the weights file claims {headerLength} bytes; {Math.Min(length - 8, LongestHeader)} are possible.");
        }

        var header = new byte[(int)headerLength];
        Fill(stream, header, "the header");
        var (entries, metadata) = Parse(header);
        CheckOffsets(entries, length - 8 - (long)headerLength);
        return new SafetensorsReader(stream, entries, metadata);
    }

    /// <summary>Hands out every tensor once, on the CPU, in the order of <see cref="Entries"/>. The taker disposes it.</summary>
    public IEnumerable<(SafetensorsEntry Entry, Tensor Value)> ReadTensors()
    {
        if (_read)
        {
            throw new InvalidOperationException("The tensors of a weights file can be read once.");
        }

        _read = true;
        foreach (var entry in Entries)
        {
            yield return (entry, ReadTensor(entry));
        }
    }

    /// <summary>All tensors by name, on the CPU and outside any scope. The taker disposes them.</summary>
    public Dictionary<string, Tensor> ReadAll()
    {
        var all = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var (entry, value) in ReadTensors())
            {
                all.Add(entry.Name, value.DetachFromDisposeScope());
            }
        }
        catch
        {
            foreach (var value in all.Values)
            {
                value.Dispose();
            }

            throw;
        }

        return all;
    }

    private Tensor ReadTensor(SafetensorsEntry entry)
    {
        var value = empty(entry.Shape, dtype: entry.Type, device: CPU);
        try
        {
            if (entry.Length > 0)
            {
                Fill(_stream, value.bytes, $"the tensor '{entry.Name}'");
            }

            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    private static void Fill(Stream stream, Span<byte> target, string what)
    {
        var read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (read < target.Length)
        {
            throw new FormatException($"The weights file ends inside {what}: {target.Length} bytes were expected, {read} found.");
        }
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(byte[] header)
    {
        try
        {
            using var json = JsonDocument.Parse(header);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException($"The header of the weights file is a JSON {json.RootElement.ValueKind}, not an object.");
            }

            return ParseEntries(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The header of the weights file is not JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"The header of the weights file is not valid UTF-8 text: {e.Message}");
        }
    }

    private static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) ParseEntries(JsonElement root)
    {
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw new FormatException($"The weights file names the tensor '{property.Name}' twice.");
            }

            if (property.Name != SafetensorsWriter.MetadataName)
            {
                entries.Add(ParseEntry(property.Name, property.Value));
                continue;
            }

            ParseMetadata(property.Value, metadata);
        }

        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        return (entries, metadata);
    }

    private static void ParseMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The metadata of the weights file is not an object of strings.");
        }

        foreach (var pair in value.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.String || !metadata.TryAdd(pair.Name, pair.Value.GetString()!))
            {
                throw new FormatException($"The metadata '{pair.Name}' of the weights file is not a string, or is there twice.");
            }
        }
    }

    private static SafetensorsEntry ParseEntry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !TryGetNumbers(value, "shape", out var shape)
            || !TryGetNumbers(value, "data_offsets", out var offsets) || offsets.Length != 2)
        {
            throw new FormatException($"The tensor '{name}' of the weights file lacks a dtype, a shape or a pair of offsets.");
        }

        if (!SafetensorsType.TryParse(dtype.GetString(), out var type, out var size))
        {
            throw new FormatException($"The tensor '{name}' of the weights file has the unknown type '{dtype.GetString()}'.");
        }

        var entry = new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
        var expected = shape.Length <= MostDimensions ? ByteCount(shape, size) : -1;
        if (entry.End < entry.Begin || expected != entry.Length)
        {
            throw new FormatException($"The tensor '{name}' of the weights file, {SafetensorsEntry.Describe(type, shape)}, "
                + $"cannot lie at the bytes {entry.Begin} to {entry.End}.");
        }

        return entry;
    }

    private static bool TryGetNumbers(JsonElement value, string name, out long[] numbers)
    {
        numbers = [];
        if (!value.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var found = new long[array.GetArrayLength()];
        var i = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out found[i]) || found[i++] < 0)
            {
                return false;
            }
        }

        numbers = found;
        return true;
    }

    /// <summary>The bytes of a tensor, or -1 where they would not fit a span.</summary>
    private static long ByteCount(long[] shape, int size)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        var bytes = (Int128)size;
        foreach (var dimension in shape)
        {
            bytes *= dimension;
            if (bytes > int.MaxValue)
            {
                return -1;
            }
        }

        return (long)bytes;
    }

    private static void CheckOffsets(List<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin != end)
            {
                throw new FormatException($"The tensor '{entry.Name}' of the weights file begins at byte {entry.Begin}; the one before it ends at {end}.");
            }

            end = entry.End;
            if (end > dataLength)
            {
                throw new FormatException($"The tensor '{entry.Name}' of the weights file ends at byte {end} of {dataLength}.");
            }
        }

        if (end != dataLength)
        {
            throw new FormatException($"The tensors of the weights file end at byte {end}; the file goes on to {dataLength}.");
        }
    }
}
