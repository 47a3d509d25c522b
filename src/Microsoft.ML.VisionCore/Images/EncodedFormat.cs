namespace Microsoft.ML.VisionCore.Images;

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
