using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.ExceptionServices;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Persistence;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML;

/// <summary>Loads models from files that need not be trusted.</summary>
public static class ModelVerification
{
    private const int CopyBytes = 1 << 16;
    private const int MostParts = 10_000;

    /// <summary>A file may unpack to this and so many times its length: weights hardly shrink, texts do by ten or twenty.</summary>
    private const long LeastUnpacked = 64L << 20;
    private const int MostGrowth = 20;

    // Linux and macOS, with and without quotas; Windows, twice.
    private static readonly int[] DiskFull = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>
    /// Loads a model as <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/> does, but first reads the whole file once and compares it with its checksums, and
    /// says of whatever cannot be loaded which file it is and what is wrong with it. Nothing is unpacked that is not what was written, or much larger than the file.
    /// </summary>
    /// <param name="catalog">The model operations of a context.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema of the model's input; null where the file has none.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The file is damaged, no model, or one that this version cannot read; the message names the file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read, or is no regular file; there is no room for temporary files; or the model needs a package that is not beside the app, which the message names.</exception>
    /// <exception cref="InvalidOperationException">The context asks for a GPU that is not there.</exception>
    public static ITransformer LoadVerified(this ModelOperationsCatalog catalog, string filePath, out DataViewSchema? inputSchema)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        using var file = RegularFile.Open(filePath);
        return Load(catalog, file, $"'{filePath}'", out inputSchema);
    }

    /// <summary>The same for a stream.</summary>
    /// <param name="catalog">The model operations of a context.</param>
    /// <param name="stream">The model; it must be able to seek.</param>
    /// <param name="inputSchema">The schema of the model's input; null where there is none.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FormatException">The stream's content is damaged, no model, or one that this version cannot read.</exception>
    /// <exception cref="IOException">The stream cannot be read; there is no room for temporary files; or the model needs a package that is not beside the app, which the message names.</exception>
    /// <exception cref="InvalidOperationException">The context asks for a GPU that is not there.</exception>
    public static ITransformer LoadVerified(this ModelOperationsCatalog catalog, Stream stream, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanSeek ? Load(catalog, stream, "The stream", out inputSchema)
            : throw new ArgumentException("The stream must be able to seek: it is read twice.", nameof(stream));
    }

    private static ITransformer Load(ModelOperationsCatalog catalog, Stream stream, string name, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var start = stream.Position;
        if (Fault(stream) is { } fault)
        {
            throw new FormatException($"{name} is not a model that can be loaded: {fault}.");
        }

        stream.Position = start;
        try
        {
            return catalog.Load(stream, out inputSchema);
        }
        catch (Exception e)
        {
            var cause = e.GetBaseException();
            if (cause is UnauthorizedAccessException || (cause is IOException && DiskFull.Contains(cause.HResult)))
            {
                throw new IOException($"{name} cannot be loaded: ML.NET needs a file in the folder for temporary files. {cause.Message}", e);
            }

            if (cause is PlatformNotSupportedException or OutOfMemoryException || TorchDevice.IsMissing(cause))
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw cause is FileNotFoundException or FileLoadException ? new FileNotFoundException($"{name} cannot be loaded: {cause.Message} Whatever made the model must be referenced by this app.", e)
                : new FormatException($"{name} is not a model that can be loaded: " + (cause is FormatException ? cause.Message
                    : $"it is damaged, or from another program ({cause.GetType().Name}: {cause.Message})"), e);
        }
    }

    // What is wrong with the archive itself; null where nothing is.
    private static string? Fault(Stream stream)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return FaultOf(zip, stream.Length);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException or EndOfStreamException)
        {
            return "it is no zip file, as models of ML.NET are, or cut off";
        }
    }

    private static string? FaultOf(ZipArchive zip, long length)
    {
        if (zip.Entries.Count > MostParts)
        {
            return $"it has {zip.Entries.Count} parts; at most {MostParts} are read";
        }

        var (names, left, buffer) = (new HashSet<string>(StringComparer.Ordinal), LeastUnpacked + (MostGrowth * length), new byte[CopyBytes]);
        var isModel = false;
        foreach (var entry in zip.Entries)
        {
            var path = entry.FullName.Replace('\\', '/');
            isModel |= path.EndsWith("Model.key", StringComparison.Ordinal);
            left -= entry.Length;
            var fault = !names.Add(path) ? "is there twice"
                : path.StartsWith('/') || path.Split('/').Contains("..") ? "leads out of the file"
                : left < 0 ? $"would unpack to {entry.Length} bytes, too many for a file of {length}"
                : FaultOf(entry, buffer) ?? (path == SchemaPart.Name ? FaultOfSchema(entry) : null);
            if (fault is not null)
            {
                return $"its part '{entry.FullName}' {fault}";
            }
        }

        return isModel ? null : "the zip file holds no model";
    }

    private static string? FaultOfSchema(ZipArchiveEntry entry)
    {
        if (entry.Length > SchemaPart.LargestLength)
        {
            return $"is damaged: it has {entry.Length} bytes; at most {SchemaPart.LargestLength} are read";
        }

        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return SchemaPart.Fault(bytes) is { } fault ? $"is damaged: {fault}" : null;
    }

    private static string? FaultOf(ZipArchiveEntry entry, byte[] buffer)
    {
        var (checksum, count) = (new Crc32(), 0L);
        try
        {
            using var stream = entry.Open();
            while (count <= entry.Length && stream.Read(buffer) is > 0 and var read)
            {
                checksum.Append(buffer.AsSpan(0, read));
                count += read;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or IOException)
        {
            return "is damaged: it cannot be unpacked";
        }

        return count != entry.Length ? $"is damaged: it has {count} bytes or more where {entry.Length} were written"
            : checksum.GetCurrentHashAsUInt32() != entry.Crc32 ? "is damaged: its checksum is another one"
            : null;
    }
}
