using Microsoft.ML.VisionCore.Images;

namespace MLExt.Data;

/// <summary>Image files that lie together, in a folder or a zip file, read one at a time when asked for.</summary>
internal abstract class ImageStore : IDisposable
{
    /// <summary>No single image may be larger: one is held in memory at a time, whole.</summary>
    public const long LargestImage = 256L << 20;

    /// <summary>How the names of image files end.</summary>
    public static readonly IReadOnlyList<string> ImageExtensions = [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp"];

    private static readonly HashSet<string> Extensions = new(ImageExtensions, StringComparer.OrdinalIgnoreCase);

    /// <summary>What the user named, in full.</summary>
    public required string Location { get; init; }

    /// <summary>The folder's own name, or the zip file's without its extension.</summary>
    public required string Name { get; init; }

    /// <summary>Paths of the images below <see cref="Location"/>, with '/', in ordinal order.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Files passed over because their extension is not an image's.</summary>
    public int OtherFiles => OtherPaths.Count;

    /// <summary>Their paths below <see cref="Location"/>, with '/'.</summary>
    public IReadOnlyList<string> OtherPaths { get; init; } = [];

    /// <summary>Folders that are passed over with the images in them because their names begin with a dot, below <see cref="Location"/>, with '/'.</summary>
    public IReadOnlyList<string> DottedFolders { get; init; } = [];

    /// <summary>Files and folders whose names are no text: they cannot be opened by any name that .NET can say.</summary>
    public int UnreadableNames { get; init; }

    /// <summary>The code page that names of files are in where they are not UTF-8; null where they are.</summary>
    public int? CodePage { get; init; }

    /// <summary>Finds the images in a folder or a zip file; reads none of them.</summary>
    /// <exception cref="CommandException">Nothing is there, it cannot be read, or it holds no image.</exception>
    public static ImageStore Open(string location)
    {
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal))
        {
            throw new CommandException($"'{location.Replace("\0", "\\0", StringComparison.Ordinal)}' is no path of a folder or a zip file.");
        }

        var full = Path.GetFullPath(location);
        ImageStore store;
        try
        {
            store = Directory.Exists(full) ? FolderStore.Find(full)
                : File.Exists(full) ? ZipStore.Find(full)
                : throw new CommandException($"There is no folder and no zip file '{location}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{location}' cannot be read: {e.Message}", inner: e);
        }

        if (store.Paths.Count == 0)
        {
            store.Dispose();
            throw new CommandException(
                $"'{location}' holds no image. Expected one folder a class, with image files ({string.Join(' ', ImageExtensions)}) in it; "
                + $"found {store.OtherFiles} other {(store.OtherFiles == 1 ? "file" : "files")}.");
        }

        return store;
    }

    /// <summary>Reads one image file whole. Safe to call from several threads.</summary>
    /// <exception cref="IOException">It cannot be opened, is too large, or its archive holds it damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public abstract byte[] Read(int index);

    /// <summary>Reads one image file whole, or says why it cannot: such an image counts as one that cannot be decoded.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="fault">Why nothing was read; null where the file was.</param>
    /// <returns>Its bytes; none where there is a fault.</returns>
    public byte[] TryRead(int index, out string? fault)
    {
        try
        {
            var file = Read(index);
            fault = file.Length > 0 ? null : "the file is empty";
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"the file cannot be read: {e.Message.TrimEnd('.')}";
            return [];
        }
    }

    /// <summary>Decodes one image file to see whether it is a picture.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? FindFault(int index) => TryRead(index, out var fault) is { Length: > 0 } file ? EncodedImage.FindFault(file) : fault;

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Whether a file or folder name is one that systems keep out of sight.</summary>
    protected static bool IsHidden(ReadOnlySpan<char> name) => name.StartsWith(".") || name is "__MACOSX" or "@eaDir" or "$RECYCLE.BIN" or "System Volume Information";

    /// <summary>Whether a name is hidden by its first letter alone.</summary>
    protected static bool IsDotted(ReadOnlySpan<char> name) => name is ['.', _, ..] and not "..";

    /// <summary>Whether a file name ends as an image's does.</summary>
    protected static bool IsImage(string name) => Extensions.Contains(Path.GetExtension(name));
}
