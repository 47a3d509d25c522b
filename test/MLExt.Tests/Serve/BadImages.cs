using System.Net.Http.Headers;
using System.Text;
using MLExtensions.Testing;

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
    public static byte[] Huge() => PngFile.WithSize(Glyph.Circle(), 30_000, 30_000);

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
