using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The 256 bytes in front of a model stream; they say what the model is, how long, and who can load it.</summary>
// *** Binary format ***, little-endian, positions relative to the header:
// 0x00 ulong: signature             0x08 uint, uint: header version written, readable by
// 0x10 long, long: position and length of the body
// 0x20 long, long: position and length of the string table (long: end of each string in the characters)
// 0x30 long, long: position and length of the characters (UTF-16)
// 0x40 ulong: model signature       0x48 uint, uint: model version written, readable by
// 0x50 3 x ulong: loader signature  0x68 3 x ulong: other loader signature
// 0x80 long: position of the tail   0x88 long: total length
// 0x90 long, uint: position and length of the loader assembly's name (UTF-16)
// body, string table, characters, assembly name, and at the tail a ulong: tail signature
internal struct ModelHeader
{
    public const int Size = 0x100;

    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;

    private const ulong HeadMark = 0x4C45444F4D004C4DUL; // "ML\0MODEL"
    private const ulong TailMark = 0x4D4C004D4F44454CUL;
    private const uint Version = 0x00010002;
    private const int LoaderSignatureLength = 24;

    private string _loaderSignature;
    private string _loaderSignatureAlt;

    /// <summary>The length of the body; known after reading.</summary>
    public long BodyLength { get; private set; }

    /// <summary>The length of everything; known after reading.</summary>
    public long TotalLength { get; private set; }

    public void SetVersionInfo(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        _loaderSignature = version.LoaderSignature;
        _loaderSignatureAlt = version.LoaderSignatureAlt;
    }

    /// <summary>The signatures under which the loader may be registered, best first.</summary>
    public readonly IEnumerable<string> LoaderSignatures()
        => new[] { _loaderSignature, _loaderSignatureAlt }.Where(signature => !string.IsNullOrWhiteSpace(signature));

    /// <summary>Checks that a component of the given version can read this model.</summary>
    public readonly void CheckVersionInfo(VersionInfo version)
    {
        Contracts.CheckDecode(ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        if (ModelVerReadable > version.VerWrittenCur)
        {
            throw Contracts.ExceptDecode($"Cause: component '{version.LoaderSignature}' of the model cannot be read, because the model is too new.\n" +
                $"Debug details: Maximum expected version {version.VerWrittenCur}, got {ModelVerReadable}.");
        }

        if (ModelVerWritten < version.VerWeCanReadBack)
        {
            throw Contracts.ExceptDecode($"Cause: component '{version.LoaderSignature}' of the model cannot be read, because the model is too old.\n" +
                $"Debug details: Minimum expected version {version.VerWeCanReadBack}, got {ModelVerWritten}.");
        }
    }

    /// <summary>Writes what follows the body, then the header in front of it.</summary>
    public readonly void Finish(BinaryWriter writer, long start, IReadOnlyList<string> strings, string loaderAssemblyName)
    {
        writer.Flush();
        var stream = writer.BaseStream;
        var bodyEnd = stream.Position - start;
        long tableStart = 0, charsStart = 0, nameStart = 0, charsLength = 0;
        if (strings.Count > 0)
        {
            tableStart = bodyEnd;
            foreach (var text in strings)
            {
                charsLength += text.Length * sizeof(char);
                writer.Write(charsLength);
            }

            charsStart = tableStart + (strings.Count * sizeof(long));
            foreach (var text in strings)
            {
                writer.Write(Encoding.Unicode.GetBytes(text));
            }
        }

        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            nameStart = stream.Position - start;
            writer.Write(Encoding.Unicode.GetBytes(loaderAssemblyName));
        }

        var tail = stream.Position - start;
        writer.Write(TailMark);
        var end = stream.Position;
        stream.Position = start;
        WriteFields(writer, [Size, bodyEnd - Size, tableStart, strings.Count * sizeof(long), charsStart, charsLength], tail, nameStart, (loaderAssemblyName?.Length ?? 0) * sizeof(char));
        writer.Flush();
        stream.Position = end;
    }

    /// <summary>Reads header, strings and loader assembly, and leaves the reader at the body.</summary>
    public static ModelHeader Read(BinaryReader reader, out string[] strings, out string loaderAssemblyName)
    {
        var stream = reader.BaseStream;
        var start = stream.Position;
        var bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size, "The model stream is shorter than its header");
        using var fields = new BinaryReader(new MemoryStream(bytes));
        Contracts.CheckDecode(fields.ReadUInt64() == HeadMark, "Wrong file type");
        var (written, readable) = (fields.ReadUInt32(), fields.ReadUInt32());
        Contracts.CheckDecode(readable <= written, "Corrupt file header");
        Contracts.CheckDecode(readable <= Version, "File is too new");
        var parts = new long[6];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = fields.ReadInt64();
        }

        var header = new ModelHeader { ModelSignature = fields.ReadUInt64(), ModelVerWritten = fields.ReadUInt32(), ModelVerReadable = fields.ReadUInt32(), BodyLength = parts[1] };
        header._loaderSignature = Unpack(fields);
        header._loaderSignatureAlt = Unpack(fields);
        var tail = fields.ReadInt64();
        header.TotalLength = fields.ReadInt64();
        var (nameStart, nameLength) = (fields.ReadInt64(), fields.ReadUInt32());

        var available = stream.Length - start;
        Contracts.CheckDecode(parts[0] == Size && tail >= Size && header.TotalLength == tail + sizeof(ulong) && header.TotalLength <= available, "Corrupt file header");
        Contracts.CheckDecode(parts[1] >= 0 && parts[1] <= tail - Size && parts[3] % sizeof(long) == 0, "Corrupt file header");
        CheckWithin(parts[2], parts[3], tail);
        CheckWithin(parts[4], parts[5], tail);
        CheckWithin(nameStart, nameLength, tail);
        strings = ReadStrings(reader, start, parts);
        loaderAssemblyName = nameStart == 0 ? null : ReadText(reader, start + nameStart, (int)nameLength);
        stream.Position = start + tail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailMark, "Corrupt model file tail");
        stream.Position = start + Size;
        return header;
    }

    /// <summary>Packs Latin-1 characters, eight to a number.</summary>
    public static ulong[] Pack(string text, int numbers)
    {
        var packed = new ulong[numbers];
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            Contracts.Check(text[i] <= 0xFF);
            packed[i / 8] |= (ulong)text[i] << (i % 8 * 8);
        }

        return packed;
    }

    private static string Unpack(BinaryReader fields) => Encoding.Latin1.GetString(fields.ReadBytes(LoaderSignatureLength)).TrimEnd('\0');

    private static void CheckWithin(long position, long length, long limit)
        => Contracts.CheckDecode(position >= 0 && length >= 0 && length <= limit && position <= limit - length, "Corrupt file header");

    private static string[] ReadStrings(BinaryReader reader, long start, long[] parts)
    {
        var strings = new string[parts[3] / sizeof(long)];
        var ends = new long[strings.Length];
        reader.BaseStream.Position = start + parts[2];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = reader.ReadInt64();
        }

        long from = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            Contracts.CheckDecode(ends[i] >= from && ends[i] <= parts[5] && ends[i] % sizeof(char) == 0, "Corrupt string table");
            strings[i] = ReadText(reader, start + parts[4] + from, (int)(ends[i] - from));
            from = ends[i];
        }

        return strings;
    }

    private static string ReadText(BinaryReader reader, long position, int length)
    {
        reader.BaseStream.Position = position;
        return Encoding.Unicode.GetString(reader.ReadBytes(length));
    }

    private readonly void WriteFields(BinaryWriter writer, long[] parts, long tail, long nameStart, int nameLength)
    {
        Contracts.Check((_loaderSignature?.Length ?? 0) <= LoaderSignatureLength && (_loaderSignatureAlt?.Length ?? 0) <= LoaderSignatureLength, "Loader signature must have at most 24 characters");
        writer.Write(HeadMark);
        writer.Write(Version);
        writer.Write(Version);
        foreach (var part in parts)
        {
            writer.Write(part);
        }

        writer.Write(ModelSignature);
        writer.Write(ModelVerWritten);
        writer.Write(ModelVerReadable);
        foreach (var number in Pack(_loaderSignature, 3).Concat(Pack(_loaderSignatureAlt, 3)))
        {
            writer.Write(number);
        }

        writer.Write(tail);
        writer.Write(tail + sizeof(ulong));
        writer.Write(nameStart);
        writer.Write(nameLength);
    }
}
