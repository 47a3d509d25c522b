namespace MLExt.Commands;

/// <summary>The folder that <c>mlext predict --explain</c> writes to: for each image a PNG file named after it, never one of the images themselves.</summary>
internal sealed class OverlayFolder
{
    private readonly string[] _files;

    /// <summary>Chooses the names, and finds out whether the folder can be written to.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="images">The images, in the order that <see cref="Write"/> counts them.</param>
    /// <param name="taken">Another file that is going to be written; null for none.</param>
    /// <exception cref="CommandException">It cannot be written to.</exception>
    public OverlayFolder(string folder, IReadOnlyList<string> images, string? taken)
    {
        FullPath = Path.GetFullPath(folder);

        // Names that differ in case alone are one file on some systems.
        var used = images.Append(taken).Where(file => !string.IsNullOrEmpty(file)).Select(file => Path.GetFullPath(file!)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _files = [.. images.Select(image => Free(Path.GetFileNameWithoutExtension(image), used))];
        using var trial = new OutputFile(_files[0], isImage: true);
    }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Writes the picture of an image.</summary>
    /// <param name="image">Index of the image.</param>
    /// <param name="png">The picture.</param>
    /// <returns>The file.</returns>
    /// <exception cref="CommandException">It could not be written.</exception>
    public string Write(int image, byte[] png)
    {
        using var output = new OutputFile(_files[image], isImage: true);
        output.Write(path => File.WriteAllBytes(path, png));
        return output.FullPath;
    }

    private string Free(string name, HashSet<string> used)
    {
        for (var number = 1; ; number++)
        {
            var file = Path.Combine(FullPath, number == 1 ? $"{name}-why.png" : $"{name}-why-{number}.png");
            if (used.Add(file))
            {
                return file;
            }
        }
    }
}
