using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net.Http.Headers;
using System.Text;

namespace MLExt.Tests.Serve;

/// <summary>Image files and forms as they should not be.</summary>
internal static class BadImages
{
    /// <summary>A good beginning and no more.</summary>
    public static byte[] CutOff() => Glyph.Circle()[..60];

    /// <summary>A header whose checksum is wrong.</summary>
    public static byte[] DamagedHeader()
    {
        var file = Glyph.Circle();
        file[16] ^= 0x80;
        return file;
    }

    /// <summary>A small file that says it is huge.</summary>
    public static byte[] Huge()
    {
        const int Width = 16, Checksum = 29;
        var file = Glyph.Circle();
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(Width), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(Width + sizeof(int)), 30_000);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(Checksum), Crc32.HashToUInt32(file.AsSpan(Width - 4, Checksum - Width + 4)));
        return file;
    }

    /// <summary>A good file with nothing behind its end.</summary>
    public static byte[] Padded(byte[] file, int length)
    {
        Array.Resize(ref file, length);
        return file;
    }

    /// <summary>A form that ends in the middle of a file.</summary>
    public static ByteArrayContent DamagedForm(string field = "image") =>
        new(Encoding.ASCII.GetBytes($"--x\r\nContent-Disposition: form-data; name={field}; filename=a.png\r\n\r\nabc"))
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") },
        };
}
