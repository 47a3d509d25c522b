using System.Buffers.Binary;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Reads the one Exif tag that changes which pixel is where.</summary>
internal static class Exif
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>The orientation in a TIFF block; <see cref="ExifOrientation.Upright"/> where it has none or is damaged.</summary>
    public static ExifOrientation ReadOrientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || (!tiff.StartsWith("II*\0"u8) && !tiff.StartsWith("MM\0*"u8)))
        {
            return ExifOrientation.Upright;
        }

        var little = tiff[0] == (byte)'I';
        var offset = UInt32(tiff[4..], little);
        if (offset > tiff.Length - 2)
        {
            return ExifOrientation.Upright;
        }

        var directory = tiff[(int)offset..];
        var entries = directory[2..];
        for (int left = UInt16(directory, little); left > 0 && entries.Length >= 12; left--, entries = entries[12..])
        {
            if (UInt16(entries, little) == OrientationTag && UInt16(entries[2..], little) == ShortType)
            {
                var value = UInt16(entries[8..], little);
                return value is >= 1 and <= 8 ? (ExifOrientation)value : ExifOrientation.Upright;
            }
        }

        return ExifOrientation.Upright;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
