using System.Globalization;
using System.Security.Cryptography;

namespace Microsoft.ML.VisionCore.Interop;

/// <summary>The named byte streams that a model consists of, inside the file that ML.NET writes.</summary>
internal static class ModelStreams
{
    private const string ChecksumEnding = ".sha256";

    /// <summary>Declares what is being written.</summary>
    public static void Begin(ModelSaveContext context, VersionInfo version)
    {
        context.CheckAtModel();
        context.SetVersionInfo(version);
    }

    /// <summary>Writes a stream, and its checksum beside it.</summary>
    public static void Write(ModelSaveContext context, string name, Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        var bytes = content.ToArray();
        context.SaveBinaryStream(name, writer => writer.Write(bytes));
        context.SaveBinaryStream(name + ChecksumEnding, writer => writer.Write(SHA256.HashData(bytes)));
    }

    /// <summary>Checks that what is to be read is what is expected, and not newer.</summary>
    /// <param name="context">The model to be read.</param>
    /// <param name="version">What this version writes and reads.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <exception cref="FormatException">The model is of another kind, or from a newer version.</exception>
    public static void Check(ModelLoadContext context, VersionInfo version, string what)
    {
        context.CheckAtModel();
        var header = context.Header;
        if (header.ModelSignature != version.ModelSignature)
        {
            throw new FormatException($"The file does not hold a {what}.");
        }

        if (header.ModelVerReadable > version.VerWrittenCur)
        {
            throw new FormatException($"The {what} was saved by a newer version of {version.LoaderAssemblyName.Split(',')[0]}: the file has format " +
                $"{Hex(header.ModelVerWritten)} and needs a reader of format {Hex(header.ModelVerReadable)}; " +
                $"this one reads up to {Hex(version.VerWrittenCur)}. Update the package.");
        }

        if (header.ModelVerWritten < version.VerWeCanReadBack)
        {
            throw new FormatException(
                $"The {what} has format {Hex(header.ModelVerWritten)}, which is too old: {Hex(version.VerWeCanReadBack)} is the oldest that can be read.");
        }
    }

    /// <summary>Reads a stream. It is never copied, and may be longer than memory.</summary>
    /// <param name="context">The model to be read.</param>
    /// <param name="name">The name of the stream.</param>
    /// <param name="what">What the model is, as messages name it.</param>
    /// <param name="read">Reads it, from its beginning; it can seek and is closed afterwards.</param>
    /// <exception cref="FormatException">The model lacks the stream, or it was changed after it was written. Older files have no checksums to tell that by.</exception>
    public static T Read<T>(ModelLoadContext context, string name, string what, Func<Stream, T> read)
    {
        byte[]? checksum = null;
        context.TryLoadBinaryStream(name + ChecksumEnding, reader => checksum = reader.ReadBytes(SHA256.HashSizeInBytes + 1));
        var result = default(T);
        var isThere = context.TryLoadBinaryStream(name, reader =>
        {
            if (checksum is not null && !SHA256.HashData(reader.BaseStream).AsSpan().SequenceEqual(checksum))
            {
                throw new FormatException($"The {what} is damaged: its part '{name}' is not what was written.");
            }

            reader.BaseStream.Position = 0;
            result = read(reader.BaseStream);
        });
        return isThere ? result! : throw new FormatException($"The {what} is incomplete: its part '{name}' is missing.");
    }

    private static string Hex(uint version) => version.ToString("X8", CultureInfo.InvariantCulture);
}
