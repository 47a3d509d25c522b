using System.Buffers.Binary;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Encoded files → upright RGB in the color space sRGB. Only a file that gives all of its pixels is a picture; every other has a fault, in words.
/// Never throws because of what a file holds.
/// </summary>
internal static unsafe class EncodedImage
{
    /// <summary>More pixels than this are not decoded: a small file can claim an image that fills the memory.</summary>
    internal const long MaxPixels = 1L << 26;

    // Shrunk by at least this after decoding, an image of a reduced size looks as one of all pixels does.
    private const int Gap = 2;

    private static readonly SKColorSpace Srgb = SKColorSpace.CreateSrgb();

    /// <summary>Reads the beginning of a file.</summary>
    public static Header ReadHeader(ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            using var codec = Open(bytes, file, out var header);
            return header;
        }
    }

    /// <summary>Decodes a file: its first frame, in sRGB, laid on white and turned upright.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="target">Receives the pixels.</param>
    /// <param name="side">The side of the square that the image is shrunk to next: a JPEG file may then come out smaller, at least twice as high and wide as that; null where all pixels are wanted.</param>
    /// <returns>What is wrong with the file; null where the pixels were written.</returns>
    public static string? Decode(ReadOnlySpan<byte> file, RgbImage target, int? side = null)
    {
        fixed (byte* bytes = file)
        {
            using var codec = Open(bytes, file, out var header);
            if (codec is null || header.Fault is not null)
            {
                return header.Fault;
            }

            // Premultiplied by alpha, so that white's share is 255 - alpha.
            var (size, eighths) = codec.EncodedFormat == SKEncodedImageFormat.Jpeg && side is { } wanted ? Reduced(codec, wanted * Gap) : (codec.Info.Size, 8);
            var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, Srgb);
            target.Resize(info.Width, info.Height);
            target.Horizontal = (0, header.Width * eighths / 8.0);
            target.Vertical = (0, header.Height * eighths / 8.0);
            var rgba = target.Rgba;
            fixed (byte* pixels = rgba)
            {
                if (codec.GetPixels(info, (nint)pixels) is var result and not SKCodecResult.Success)
                {
                    return Describe(result, header, file.Length);
                }
            }

            target.LayOnWhite(rgba, isBgra: false);
            target.Turn(codec.EncodedFormat == SKEncodedImageFormat.Png ? OriginOfPng(file) : codec.EncodedOrigin);
            return null;
        }
    }

    // The smallest size, in eighths of the whole, that the blocks of a JPEG file can be decoded to and whose sides are not below one.
    private static (SKSizeI Size, int Eighths) Reduced(SKCodec codec, int side)
    {
        for (var eighths = 1; eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(size.Width, size.Height) >= side)
            {
                return (size, eighths);
            }
        }

        return (codec.Info.Size, 8);
    }

    /// <summary>Decodes a file to see whether it is a picture.</summary>
    /// <returns>What is wrong with the file; null where nothing is.</returns>
    public static string? FindFault(ReadOnlySpan<byte> file)
    {
        using var image = new RgbImage();
        return Decode(file, image);
    }

    /// <summary>What is said of an image of more than <see cref="MaxPixels"/>; null where there are fewer.</summary>
    public static string? FaultOfSize(int width, int height) =>
        (long)width * height > MaxPixels ? $"the image is {width} x {height} pixels; at most {MaxPixels} pixels are decoded" : null;

    /// <summary>Opens a file whose bytes stay where they are until the codec is disposed of.</summary>
    private static SKCodec? Open(byte* bytes, ReadOnlySpan<byte> file, out Header header)
    {
        if (file.IsEmpty)
        {
            header = new(null, 0, 0, "the file is empty");
            return null;
        }

        // No decoder of another format ever sees the file.
        var (format, isRead) = EncodedFormat.Of(file);
        using var data = isRead ? SKData.Create((nint)bytes, file.Length) : null;
        var codec = data is null ? null : SKCodec.Create(data);
        var (width, height) = codec is null ? default : (codec.Info.Width, codec.Info.Height);
        header = new(format, width, height, (codec, isRead) switch
        {
            (_, false) => $"{(format is null ? $"{file.Length} bytes are not an image of a known format" : $"the file is {format}")}; {EncodedFormat.Read} are read",
            (null, _) => $"the header of the {format} file is damaged or asks for a picture that is too wide or too high, or the file ends in it after {file.Length} bytes",
            _ => FaultOfSize(width, height),
        });
        return codec;
    }

    private static string Describe(SKCodecResult result, Header header, int length) => result switch
    {
        SKCodecResult.IncompleteInput => $"the {header.Format} file is cut off: it ends after {length} bytes, before the last of its {header.Width} x {header.Height} pixels",
        SKCodecResult.ErrorInInput => $"the {header.Format} file is damaged: not all of its {header.Width} x {header.Height} pixels can be decoded",
        SKCodecResult.InvalidInput => $"the {header.Format} file is damaged or cut off: its pixels cannot be decoded ({length} bytes)",
        _ => $"the pixels of the {header.Format} file cannot be decoded ({result})",
    };

    /// <summary>Where a PNG file's chunk eXIf says that the first stored row and column belong, which SkiaSharp passes over.</summary>
    private static SKEncodedOrigin OriginOfPng(ReadOnlySpan<byte> file)
    {
        const int Frame = 12;       // the length of the data and a type before the data, a checksum behind it
        for (var chunk = file[EncodedFormat.PngSignature.Length..]; chunk.Length >= Frame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            if (length > chunk.Length - Frame)
            {
                break;
            }

            if (chunk.Slice(4, 4).SequenceEqual("eXIf"u8))
            {
                return OriginOf(chunk.Slice(8, (int)length));
            }

            chunk = chunk[(Frame + (int)length)..];
        }

        return SKEncodedOrigin.TopLeft;
    }

    /// <summary>Lets SkiaSharp read an Exif block as that of a JPEG file: of a single pixel, and it ends where that would begin.</summary>
    private static SKEncodedOrigin OriginOf(ReadOnlySpan<byte> exif)
    {
        var length = exif.Length + 8;
        if (length > ushort.MaxValue)
        {
            return SKEncodedOrigin.TopLeft;
        }

        using var jpeg = SKData.CreateCopy(
        [
            0xFF, 0xD8, 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. exif,
            0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0,
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        ]);
        using var codec = SKCodec.Create(jpeg);
        return codec?.EncodedOrigin ?? SKEncodedOrigin.TopLeft;
    }

    /// <summary>What the beginning of a file says.</summary>
    /// <param name="Format">The name of the format, as messages say it; null where it is not known.</param>
    /// <param name="Width">Stored width in pixels, before orientation; 0 where it is not known.</param>
    /// <param name="Height">Stored height in pixels, before orientation; 0 where it is not known.</param>
    /// <param name="Fault">Why the file is no picture, as far as its beginning tells; null where it may be one.</param>
    internal readonly record struct Header(string? Format, int Width, int Height, string? Fault)
    {
        /// <summary>The number of pixels.</summary>
        public long Pixels => (long)Width * Height;
    }
}

/// <summary>What a file is, by its first bytes: its name tells nothing.</summary>
internal static class EncodedFormat
{
    /// <summary>The formats that are read, as messages list them.</summary>
    public const string Read = "JPEG, PNG, GIF, BMP and WebP";

    private const int TextSample = 1024;

    /// <summary>The first bytes of every PNG file.</summary>
    public static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The name of the format, as messages say it, null where it is not known; and whether its files are read.</summary>
    public static (string? Name, bool IsRead) Of(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngSignature))
        {
            return ("PNG", true);
        }

        return file switch
        {
            [0xFF, 0xD8, 0xFF, ..] => ("JPEG", true),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => ("GIF", true),
            [(byte)'B', (byte)'M', ..] => ("BMP", true),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ("WebP", true),
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ("TIFF", false),
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', (byte)'v', (byte)'i', ..] => ("AVIF", false),
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ("HEIC or a video", false),
            [0xFF, 0x0A, ..] or [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', ..] => ("JPEG XL", false),
            [0, 0, 0, 12, (byte)'j', (byte)'P', ..] => ("JPEG 2000", false),
            [0, 0, 1, 0, ..] => ("an icon (ICO)", false),
            [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => ("a Photoshop document", false),
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => ("PDF", false),
            [(byte)'P', (byte)'K', 3, 4, ..] => ("a zip archive", false),
            _ => (OfText(file[..Math.Min(file.Length, TextSample)]), false),
        };
    }

    private static string? OfText(ReadOnlySpan<byte> start)
    {
        if (start.ContainsAnyInRange((byte)0, (byte)8))
        {
            return null;
        }

        var text = System.Text.Encoding.UTF8.GetString(start);
        return text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!doctype html", StringComparison.OrdinalIgnoreCase) ? "HTML"
            : text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "SVG"
            : "text";
    }
}
