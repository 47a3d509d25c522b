namespace MLExt.Data;

/// <summary>Image files in a folder and the folders below it.</summary>
internal sealed class FolderStore : ImageStore
{
    /// <summary>Finds the images; links to folders are followed, each folder once.</summary>
    public static FolderStore Find(string folder)
    {
        var paths = new List<string>();
        var others = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<DirectoryInfo>([new DirectoryInfo(folder)]);
        while (waiting.TryPop(out var place))
        {
            if (!seen.Add(place.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? place.FullName))
            {
                continue;
            }

            foreach (var entry in place.EnumerateFileSystemInfos().Where(e => !IsOutOfSight(e)))
            {
                switch (entry)
                {
                    case DirectoryInfo below:
                        waiting.Push(below);
                        break;
                    case var file when IsImage(file.Name):
                        paths.Add(Below(folder, file));
                        break;
                    default:
                        others.Add(Below(folder, entry));
                        break;
                }
            }
        }

        paths.Sort(StringComparer.Ordinal);
        others.Sort(StringComparer.Ordinal);
        return new FolderStore
        {
            Location = folder,
            Name = new DirectoryInfo(folder).Name,
            Paths = paths,
            OtherPaths = others,
        };
    }

    /// <inheritdoc/>
    public override byte[] Read(int index)
    {
        var file = new FileInfo(Path.Combine(Location, Paths[index]));
        if (file.Length > LargestImage)
        {
            throw new IOException($"it has {file.Length} bytes; an image may have {LargestImage}");
        }

        return File.ReadAllBytes(file.FullName);
    }

    // Where a backslash does not part folders, it is a letter of a name.
    private static string Below(string folder, FileSystemInfo entry) => Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsOutOfSight(FileSystemInfo entry) =>
        IsHidden(entry.Name) || entry.Attributes.HasFlag(FileAttributes.Hidden);
}
