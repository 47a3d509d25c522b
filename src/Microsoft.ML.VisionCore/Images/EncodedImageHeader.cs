using System.Buffers.Binary;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>What the first bytes of a JPEG, PNG, GIF, BMP or WebP file say, read without decoding it.</summary>
/// <param name="Width">Stored width in pixels, before orientation; 0 where the header does not tell.</param>
/// <param name="Height">Stored height in pixels, before orientation; 0 where the header does not tell.</param>
/// <param name="Orientation">How the stored pixels have to be turned.</param>
internal readonly record struct EncodedImageHeader(int Width, int Height, ExifOrientation Orientation)
{
    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Reads what it can; never throws, and a damaged header gives zeros and no rotation.</summary>
    public static EncodedImageHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngSignature))
        {
            return ReadPng(file[PngSignature.Length..]);
        }

        if (file is [0xFF, 0xD8, ..])
        {
            return ReadJpeg(file[2..]);
        }

        var (width, height) = file.StartsWith("GIF8"u8) ? ReadGif(file) : file.StartsWith("BM"u8) ? ReadBmp(file)
            : file.StartsWith("RIFF"u8) && file.Length >= 16 && file[8..].StartsWith("WEBP"u8) ? ReadWebP(file[12..]) : default;
        return new(width, height, ExifOrientation.Upright);
    }

    private static EncodedImageHeader ReadPng(ReadOnlySpan<byte> chunks)
    {
        var header = new EncodedImageHeader(0, 0, ExifOrientation.Upright);
        while (chunks.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - 12)
            {
                break;
            }

            var data = chunks.Slice(8, (int)length);
            var type = chunks.Slice(4, 4);
            if (type.SequenceEqual("IHDR"u8) && data.Length >= 8)
            {
                header = header with
                {
                    Width = Size(BinaryPrimitives.ReadUInt32BigEndian(data)),
                    Height = Size(BinaryPrimitives.ReadUInt32BigEndian(data[4..])),
                };
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                header = header with { Orientation = Exif.ReadOrientation(data) };
            }

            chunks = chunks[(12 + (int)length)..];
        }

        return header;
    }

    private static EncodedImageHeader ReadJpeg(ReadOnlySpan<byte> segments)
    {
        var header = new EncodedImageHeader(0, 0, ExifOrientation.Upright);
        while (segments.Length >= 4 && segments[0] == 0xFF)
        {
            var marker = segments[1];
            if (marker == 0xFF)
            {
                segments = segments[1..]; // fill bytes may stand before a marker
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(segments[2..]);
            if (marker == 0xDA || length < 2 || length > segments.Length - 2)
            {
                break; // the scan begins, or the file is cut off
            }

            var data = segments.Slice(4, length - 2);
            if (IsFrame(marker) && data.Length >= 5)
            {
                header = header with { Height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]), Width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]) };
            }
            else if (marker == 0xE1 && data.StartsWith("Exif\0\0"u8))
            {
                header = header with { Orientation = Exif.ReadOrientation(data[6..]) };
            }

            segments = segments[(2 + length)..];
        }

        return header;
    }

    private static (int Width, int Height) ReadGif(ReadOnlySpan<byte> file) => file.Length < 10 ? default
        : (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));

    // The oldest header has 12 bytes and 16-bit sizes; a negative height means that the rows run from top to bottom.
    private static (int Width, int Height) ReadBmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26)
        {
            return default;
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12
            ? (BinaryPrimitives.ReadUInt16LittleEndian(file[18..]), BinaryPrimitives.ReadUInt16LittleEndian(file[20..]))
            : (Size(BinaryPrimitives.ReadInt32LittleEndian(file[18..])), Size(BinaryPrimitives.ReadInt32LittleEndian(file[22..])));
    }

    // VP8X: 24-bit sizes less one; VP8L: 14-bit sizes less one; VP8: a key frame's 14-bit sizes.
    private static (int Width, int Height) ReadWebP(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 18)
        {
            return default;
        }

        if (chunk.StartsWith("VP8X"u8))
        {
            return (1 + (chunk[12] | chunk[13] << 8 | chunk[14] << 16), 1 + (chunk[15] | chunk[16] << 8 | chunk[17] << 16));
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            var sizes = BinaryPrimitives.ReadUInt32LittleEndian(chunk[9..]);
            return (1 + (int)(sizes & 0x3FFF), 1 + (int)(sizes >> 14 & 0x3FFF));
        }

        return chunk.StartsWith("VP8 "u8)
            ? (BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3FFF)
            : default;
    }

    // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static int Size(int value) => value == int.MinValue ? int.MaxValue : Math.Abs(value);

    private static int Size(uint value) => value <= int.MaxValue ? (int)value : int.MaxValue;
}
