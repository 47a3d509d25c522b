using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Weights;

/// <summary>Writes tensors as safetensors; equal content gives equal bytes.</summary>
/// <remarks>
/// *** Binary format ***
/// uint64, little-endian: the length of the header
/// the header: a JSON object in UTF-8, padded with spaces to a multiple of 8 bytes
///   "__metadata__": { string: string }, in ordinal order of the keys; left out where empty
///   NAME: { "dtype": TYPE, "shape": [ints], "data_offsets": [begin, end] }, wide element types first, then in ordinal order of the names
/// the elements, little-endian and row-major, in the order of the header and without gaps
/// </remarks>
internal static class SafetensorsWriter
{
    public const string MetadataName = "__metadata__";

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ArgumentException">Two tensors have the same name, or a type has no place in the format.</exception>
    public static void Write(Stream stream, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors
            .OrderByDescending(t => SafetensorsType.Of(t.Value.dtype).Size)
            .ThenBy(t => t.Name, StringComparer.Ordinal)
            .ToArray();
        CheckNames(sorted);

        var header = Header(sorted, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, value) in sorted)
        {
            WriteElements(stream, value);
        }
    }

    /// <summary>Writes beside <paramref name="path"/> first and moves the finished file there, so that no reader meets half of one.</summary>
    public static void WriteFile(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var unfinished = Unfinished(path);
        try
        {
            using (var stream = File.Create(unfinished))
            {
                Write(stream, tensors, metadata);
                // Otherwise a name may outlive a power cut that the content does not.
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>What a file is called while it is written.</summary>
    public static string Unfinished(string path) => path + ".tmp";

    private static void CheckNames(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { MetadataName };
        foreach (var (name, _) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The tensor name '{name}' is used twice or reserved.", nameof(tensors));
            }
        }
    }

    private static byte[] Header((string Name, Tensor Value)[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            var offset = 0L;
            foreach (var (name, value) in tensors)
            {
                var (type, size) = SafetensorsType.Of(value.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                WriteNumbers(json, "shape", value.shape);
                WriteNumbers(json, "data_offsets", [offset, offset += value.numel() * size]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(MetadataName);
        foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteElements(Stream stream, Tensor value)
    {
        if (value.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var detached = no_grad();
        stream.Write(value.detach().cpu().contiguous().bytes);
    }
}
