using System.Buffers.Binary;
using System.IO.Compression;

namespace MLExtensions.Testing;

/// <summary>Writes small PNG files of every kind the format knows.</summary>
public static class PngFile
{
    /// <summary>Color type: one grey sample a pixel.</summary>
    public const byte Grey = 0;

    /// <summary>Color type: red, green, blue.</summary>
    public const byte Rgb = 2;

    /// <summary>Color type: an index into a palette.</summary>
    public const byte Palette = 3;

    /// <summary>Color type: grey, alpha.</summary>
    public const byte GreyAlpha = 4;

    /// <summary>Color type: red, green, blue, alpha.</summary>
    public const byte Rgba = 6;

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>An RGB file of 8 bits a sample.</summary>
    public static byte[] Encode(int width, int height, Func<int, int, (byte R, byte G, byte B)> pixel) =>
        Encode(width, height, Rgb, 8, (x, y) => [pixel(x, y).R, pixel(x, y).G, pixel(x, y).B]);

    /// <summary>A file of 8 bits a sample, without a palette.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="colorType">One of the constants.</param>
    /// <param name="samples">The samples of all pixels, row by row.</param>
    /// <param name="exif">The content of an eXIf chunk, as <see cref="Exif"/> gives.</param>
    public static byte[] Encode(int width, int height, byte colorType, byte[] samples, byte[]? exif = null)
    {
        var channels = samples.Length / (width * height);
        return Encode(width, height, colorType, 8, (x, y) => [.. samples.Skip(((y * width) + x) * channels).Take(channels).Select(sample => (int)sample)], exif: exif);
    }

    /// <summary>A TIFF block that holds nothing but an orientation, 1 to 8.</summary>
    public static byte[] Exif(int orientation, bool littleEndian) => littleEndian
        ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>A file of any kind.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="colorType">One of the constants.</param>
    /// <param name="bitDepth">Bits a sample: 1, 2, 4, 8 or 16, as the color type allows.</param>
    /// <param name="samples">The samples of the pixel at (x, y), in the file's range.</param>
    /// <param name="palette">RGB bytes, for <see cref="Palette"/>.</param>
    /// <param name="transparency">The content of a tRNS chunk.</param>
    /// <param name="interlaced">Whether the rows come in seven passes.</param>
    /// <param name="exif">The content of an eXIf chunk, as <see cref="Exif"/> gives.</param>
    public static byte[] Encode(
        int width,
        int height,
        byte colorType,
        byte bitDepth,
        Func<int, int, int[]> samples,
        byte[]? palette = null,
        byte[]? transparency = null,
        bool interlaced = false,
        byte[]? exif = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = bitDepth;
        header[9] = colorType;
        header[12] = (byte)(interlaced ? 1 : 0);
        WriteChunk(file, "IHDR"u8, header);
        if (palette != null)
        {
            WriteChunk(file, "PLTE"u8, palette);
        }

        if (transparency != null)
        {
            WriteChunk(file, "tRNS"u8, transparency);
        }

        if (exif != null)
        {
            WriteChunk(file, "eXIf"u8, exif);
        }

        (int X0, int Y0, int Dx, int Dy)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var (x0, y0, dx, dy) in passes)
            {
                for (var y = y0; y < height && x0 < width; y += dy)
                {
                    zlib.WriteByte(0);
                    zlib.Write(PackRow(width, x0, dx, bitDepth, x => samples(x, y)));
                }
            }
        }

        WriteChunk(file, "IDAT"u8, data.ToArray());
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A copy of a file whose header lies about the size of the image; its checksum fits.</summary>
    public static byte[] WithSize(byte[] file, int width, int height)
    {
        var copy = (byte[])file.Clone();
        BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(20), height);
        return WithChecksums(copy);
    }

    /// <summary>A copy of a file in which the checksum of every chunk fits, as far as chunks can be told.</summary>
    public static byte[] WithChecksums(byte[] file)
    {
        const int Frame = 12;
        var copy = (byte[])file.Clone();
        for (var at = 8; at + Frame <= copy.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(copy.AsSpan(at));
            if (length > copy.Length - at - Frame)
            {
                break;
            }

            BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(at + 8 + (int)length), ~Crc(uint.MaxValue, copy.AsSpan(at + 4, 4 + (int)length)));
            at += Frame + (int)length;
        }

        return copy;
    }

    private static byte[] PackRow(int width, int x0, int dx, byte bitDepth, Func<int, int[]> samples)
    {
        var bits = new List<bool>();
        for (var x = x0; x < width; x += dx)
        {
            foreach (var sample in samples(x))
            {
                for (var bit = bitDepth - 1; bit >= 0; bit--)
                {
                    bits.Add((sample >> bit & 1) == 1);
                }
            }
        }

        var row = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
        {
            row[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return row;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, kind), content));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++)
            {
                table[i] = (table[i] & 1) == 1 ? 0xEDB88320 ^ (table[i] >> 1) : table[i] >> 1;
            }
        }

        return table;
    }
}
