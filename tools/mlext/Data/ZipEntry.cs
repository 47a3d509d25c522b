using System.IO.Compression;
using System.IO.Hashing;

namespace MLExt.Data;

/// <summary>Reads entries of zip files whole, and only as they were written: the framework does not look at checksums.</summary>
internal static class ZipEntry
{
    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="InvalidDataException">They are not those that were written.</exception>
    public static byte[] Read(ZipArchiveEntry entry)
    {
        var bytes = new byte[entry.Length];
        using var stream = Open(entry);
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException("its compressed data are damaged", e);
        }

        return Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes : throw new InvalidDataException("its checksum is another one");
    }

    // Where the framework does not know how an entry is packed, it says so here.
    private static Stream Open(ZipArchiveEntry entry)
    {
        try
        {
            return entry.Open();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"it cannot be unpacked: {e.Message.TrimEnd('.')}", e);
        }
    }
}
