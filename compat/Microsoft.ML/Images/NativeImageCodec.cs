using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Decoding and encoding by the native library of native/image_codec.h. Pixels are B, G, R, A, premultiplied.</summary>
internal static unsafe partial class NativeImageCodec
{
    private const string Library = "mlextimage";
    private const int ErrorSize = 256;
    private const int JpegQuality = 100;

    /// <summary>Null, and the reason, when the bytes are no image.</summary>
    internal static byte[] Decode(ReadOnlySpan<byte> file, out int width, out int height, out string reason)
    {
        var error = stackalloc byte[ErrorSize];
        fixed (byte* bytes = file)
        {
            if (ReadSize(bytes, (nuint)file.Length, out width, out height, error) != 0)
            {
                reason = Text(error);
                return null;
            }

            var pixels = new byte[(long)width * height * 4];
            fixed (byte* target = pixels)
            {
                var failed = Decode(bytes, (nuint)file.Length, width, height, target, error) != 0;
                reason = failed ? Text(error) : null;
                return failed ? null : pixels;
            }
        }
    }

    /// <summary>Writes the pixels as a PNG (straight alpha) or a JPEG (alpha left out).</summary>
    internal static void Encode(ReadOnlySpan<byte> pixels, int width, int height, bool png, Stream output)
    {
        var error = stackalloc byte[ErrorSize];
        byte* bytes = null;
        nuint length = 0;
        fixed (byte* source = pixels)
        {
            var failed = png
                ? EncodePng(source, width, height, &bytes, &length, error) != 0
                : EncodeJpeg(source, width, height, JpegQuality, &bytes, &length, error) != 0;
            try
            {
                if (failed)
                {
                    throw new InvalidOperationException($"An image of {width} x {height} pixels could not be encoded: {Text(error)}.");
                }

                output.Write(new ReadOnlySpan<byte>(bytes, checked((int)length)));
            }
            finally
            {
                Free(bytes);
            }
        }
    }

    private static string Text(byte* error) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(error));

    [LibraryImport(Library, EntryPoint = "mlext_image_size")]
    private static partial int ReadSize(byte* bytes, nuint length, out int width, out int height, byte* error);

    [LibraryImport(Library, EntryPoint = "mlext_image_decode")]
    private static partial int Decode(byte* bytes, nuint length, int width, int height, byte* pixels, byte* error);

    [LibraryImport(Library, EntryPoint = "mlext_image_encode_png")]
    private static partial int EncodePng(byte* pixels, int width, int height, byte** bytes, nuint* length, byte* error);

    [LibraryImport(Library, EntryPoint = "mlext_image_encode_jpeg")]
    private static partial int EncodeJpeg(byte* pixels, int width, int height, int quality, byte** bytes, nuint* length, byte* error);

    [LibraryImport(Library, EntryPoint = "mlext_image_free")]
    private static partial void Free(byte* bytes);
}
