using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;

namespace MLExtensions.Accuracy;

/// <summary>Reads a zip of images in folders, one a class.</summary>
internal static class ZipImages
{
    /// <summary>The images of the classes that <paramref name="nameOf"/> gives a name, decoded, and these names in the order of their numbers.</summary>
    /// <param name="path">The zip file.</param>
    /// <param name="side">The side in pixels that images get.</param>
    /// <param name="nameOf">A folder in the zip → the class, or null to leave it out.</param>
    internal static (ImageDataSet Images, IReadOnlyList<string> Names) Read(string path, int side, Func<string, string?> nameOf)
    {
        var context = new MLContext(0);
        IHostEnvironment environment = context;
        using var zip = Open(path);
        var rows = zip.Entries.Where(entry => entry.Length > 0).OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => (Entry: entry, Name: nameOf(Path.GetDirectoryName(entry.FullName)!.Replace('\\', '/'))))
            .Where(pair => pair.Name is not null).Select(pair => Row.Read(pair.Entry, pair.Name!)).ToArray();
        var raw = context.Data.LoadFromEnumerable(rows);
        var data = context.Transforms.Conversion.MapValueToKey("Label").Fit(raw).Transform(raw);
        var host = environment.Register(nameof(ZipImages));
        using var channel = host.Start("Read");
        var images = ImageDataSet.Read(host, channel, data, ImageColumn.Bind(data.Schema, nameof(Row.Image), "image"), data.Schema["Label"], side,
            long.MaxValue, CancellationToken.None);
        // Keys are numbered as they come.
        return (images, [.. rows.Select(row => row.Label).Distinct()]);
    }

    /// <summary>Opens a zip file.</summary>
    /// <exception cref="InvalidDataException">The file is none; the message names it.</exception>
    internal static ZipArchive Open(string path)
    {
        try
        {
            return ZipFile.OpenRead(path);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"'{path}' is no zip file: {exception.Message}", exception);
        }
    }

    private sealed class Row
    {
        public required byte[] Image { get; init; }

        public required string Label { get; init; }

        internal static Row Read(ZipArchiveEntry entry, string label)
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return new Row { Image = bytes.ToArray(), Label = label };
        }
    }
}
