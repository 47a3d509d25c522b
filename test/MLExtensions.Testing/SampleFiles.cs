using System.Buffers.Binary;
using SkiaSharp;

namespace MLExtensions.Testing;

/// <summary>
/// Image files that cannot be written in a few lines of code. All pictures are 16 x 8 pixels, the left half of one color and the right half of another.
/// The JPEG files were made with libjpeg at quality 95 without subsampling.
/// </summary>
public static class SampleFiles
{
    /// <summary>Red and blue; four inks, stored inverted and as YCCK with an Adobe marker.</summary>
    public static byte[] CmykJpeg => Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwECAgICAg"
        + "IFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgACAAQBAERAAIRAQMRAQQRAP/EABYAAQEBAAAAAAAAAAAA"
        + "AAAAAAgACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAAKCP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAOBAEAAhEDEQQAAD8AZirB/wBv4X"
        + "gqZKif/9k=");

    /// <summary>Grey 200 and grey 50; a single component.</summary>
    public static byte[] GreyJpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wAALCAAIAB"
        + "ABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAACQr/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AEgTTv/Z");

    /// <summary>Red and blue; EXIF orientation 6 (to be shown turned by a quarter).</summary>
    public static byte[] ExifRotatedJpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBw"
        + "kIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/"
        + "wAARCAAIABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAACP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAWAQEBAQAAAAAAAAAAAAAAAAAKCAn/xAAUEQEAAAAAAA"
        + "AAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwAXpTb+CGVQNe//2Q==");

    /// <summary>Red and blue; progressive.</summary>
    public static byte[] ProgressiveJpeg => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAg"
        + "ICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wgARCAAIABADAREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAA"
        + "AAAAB//EABYBAQEBAAAAAAAAAAAAAAAAAAkHCP/aAAwDAQACEAMQAAABF5Tv4hVQ1//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAQUCP//EABQRAQAAAAAAAAAAAA"
        + "AAAAAAABD/2gAIAQMBAT8BP//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8BP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEABj8CP//EABQQAQAAAAAAAAAA"
        + "AAAAAAAAABD/2gAIAQEAAT8hP//aAAwDAQACAAMAAAAQA//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQMBAT8QP//EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT"
        + "8QP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8QP//Z");

    /// <summary>The width of <see cref="Noise"/>, <see cref="NoiseGif"/> and <see cref="AnimatedWebP"/>.</summary>
    public const int NoiseWidth = 40;

    /// <summary>The height of the same.</summary>
    public const int NoiseHeight = 30;

    /// <summary>Colors at random, so that nearly all of the file's bytes are pixels.</summary>
    /// <param name="format">JPEG, PNG or WebP.</param>
    /// <param name="seed">Of the colors.</param>
    public static byte[] Noise(SKEncodedImageFormat format, int seed = 1)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(NoiseWidth, NoiseHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var random = new Random(seed);
        bitmap.Pixels = [.. Enumerable.Range(0, NoiseWidth * NoiseHeight).Select(_ => new SKColor((uint)random.Next() | 0xFF000000))];
        using var file = bitmap.Encode(format, quality: 100);
        return file.ToArray();
    }

    /// <summary>One color in the color space Display P3, whose profile the file has.</summary>
    /// <param name="format">JPEG, PNG or WebP.</param>
    /// <param name="color">The numbers as they are stored.</param>
    public static byte[] DisplayP3(SKEncodedImageFormat format, SKColor color)
    {
        using var space = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        var info = new SKImageInfo(16, 16, SKColorType.Rgba8888, SKAlphaType.Opaque, space);
        byte[] pixels = [.. Enumerable.Repeat(color, info.Width * info.Height).SelectMany(c => new[] { c.Red, c.Green, c.Blue, c.Alpha })];
        using var image = SKImage.FromPixelCopy(info, pixels);
        using var file = image.Encode(format, quality: 100);
        return file.ToArray();
    }

    /// <summary>A JPEG file with an Exif block.</summary>
    /// <param name="jpeg">The file without one.</param>
    /// <param name="exif">The block, as <see cref="PngFile.Exif"/> gives.</param>
    public static byte[] WithExif(byte[] jpeg, byte[] exif) => [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];

    /// <summary>A GIF of greys at random, even ones, of one or more frames; not compressed.</summary>
    public static byte[] NoiseGif(int frames = 1)
    {
        var random = new Random(5);
        using var file = new MemoryStream();
        file.Write([.. "GIF89a"u8, NoiseWidth, 0, NoiseHeight, 0, 0xF6, 0, 0]);
        file.Write([.. Enumerable.Range(0, 128).SelectMany(i => Enumerable.Repeat((byte)(2 * i), 3))]);
        for (var frame = 0; frame < frames; frame++)
        {
            file.Write([0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, NoiseWidth, 0, NoiseHeight, 0, 0, 7]);

            // Codes are bytes as long as the table is cleared before it needs longer ones.
            for (var i = 0; i < NoiseWidth * NoiseHeight / 100; i++)
            {
                file.Write([101, 0x80, .. Enumerable.Range(0, 100).Select(_ => (byte)random.Next(128))]);
            }

            file.Write([1, 0x81, 0]);
        }

        file.WriteByte(0x3B);
        return file.ToArray();
    }

    /// <summary>A WebP file of two frames, <see cref="Noise"/> of the seeds 1 and 2, without loss.</summary>
    public static byte[] AnimatedWebP()
    {
        byte[] width = [NoiseWidth - 1, 0, 0], height = [NoiseHeight - 1, 0, 0];
        byte[] Frame(int seed) => Chunk("ANMF"u8, [0, 0, 0, 0, 0, 0, .. width, .. height, 100, 0, 0, 2, .. Noise(SKEncodedImageFormat.Webp, seed)[12..]]);
        byte[] content = [.. "WEBP"u8, .. Chunk("VP8X"u8, [2, 0, 0, 0, .. width, .. height]), .. Chunk("ANIM"u8, new byte[6]), .. Frame(1), .. Frame(2)];
        return Chunk("RIFF"u8, content);
    }

    /// <summary>A WebP file with an Exif block.</summary>
    /// <param name="webP">A file without loss, of the size of <see cref="Noise"/>.</param>
    /// <param name="exif">The block, as <see cref="PngFile.Exif"/> gives.</param>
    public static byte[] WebPWithExif(byte[] webP, byte[] exif) =>
        Chunk("RIFF"u8, [.. "WEBP"u8, .. Chunk("VP8X"u8, [8, 0, 0, 0, NoiseWidth - 1, 0, 0, NoiseHeight - 1, 0, 0]), .. webP[12..], .. Chunk("EXIF"u8, exif)]);

    /// <summary>Files that are no pictures that are read, by what they are.</summary>
    public static IEnumerable<(string What, byte[] File)> NoPictures() =>
    [
        ("text", "no picture"u8.ToArray()),
        ("HTML", "<!DOCTYPE html>\n<html><body>404</body></html>"u8.ToArray()),
        ("SVG", "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>"u8.ToArray()),
        ("TIFF", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("HEIC or a video", [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8]),
        ("AVIF", [0, 0, 0, 24, .. "ftypavif\0\0\0\0mif1avif"u8]),
        ("JPEG XL", [0xFF, 0x0A, 0, 0, 0, 0]),
        ("an icon (ICO)", [0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0, 40, 0, 0, 0, 22, 0, 0, 0]),
        ("PDF", "%PDF-1.7\n"u8.ToArray()),
        ("a zip archive", [.. "PK"u8, 3, 4, 0, 0]),
    ];

    /// <summary>A GIF of 2 x 1 pixels: red, blue.</summary>
    public static byte[] Gif =>
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B,
    ];

    /// <summary>A BMP file of 24 bits a pixel.</summary>
    public static byte[] Bmp(int width, int height, Func<int, int, (byte R, byte G, byte B)> pixel)
    {
        var stride = (width * 3 + 3) / 4 * 4;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        int[] fields = [file.Length, 0, 54, 40, width, height, 1 | 24 << 16, 0, stride * height, 2835, 2835, 0, 0];
        for (var i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2 + 4 * i), fields[i]);
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (r, g, b) = pixel(x, y);
                byte[] bgr = [b, g, r];
                bgr.CopyTo(file, 54 + (height - 1 - y) * stride + 3 * x);
            }
        }

        return file;
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. kind, .. length, .. content, .. new byte[content.Length % 2]];
    }
}
