namespace MLExt.Data;

/// <summary>The images below one folder of a store, as a data set of its own.</summary>
internal sealed class PartStore : ImageStore
{
    private readonly ImageStore _whole;
    private readonly int[] _images;

    /// <param name="whole">The store; owned from now on.</param>
    /// <param name="folder">The folder, with '/' and one at its end.</param>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public PartStore(ImageStore whole, string folder)
    {
        _whole = whole;
        _images = [.. Enumerable.Range(0, whole.Paths.Count).Where(image => whole.Paths[image].StartsWith(folder, StringComparison.Ordinal))];
        // A folder in a zip file has no path.
        Location = Directory.Exists(whole.Location) ? Path.Combine(whole.Location, folder.TrimEnd('/')) : whole.Location;
        Name = whole.Name;
        Folder = folder.TrimEnd('/');
        Paths = [.. _images.Select(image => whole.Paths[image][folder.Length..])];
        DottedFolders = [.. whole.DottedFolders.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Select(path => path[folder.Length..])];
        OtherPaths = [.. whole.OtherPaths.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Select(path => path[folder.Length..])];
        (UnreadableNames, CodePage) = (whole.UnreadableNames, whole.CodePage);
    }

    /// <summary>The folder, with '/'.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public override byte[] Read(int index) => _whole.Read(_images[index]);

    /// <inheritdoc/>
    public override void Dispose() => _whole.Dispose();
}
