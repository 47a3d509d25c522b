using Microsoft.ML.VisionCore.Interop;

namespace MLExt.Data;

/// <summary>Image files in a folder and the folders below it.</summary>
internal sealed class FolderStore : ImageStore
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Finds the images. Links are followed, and each folder and file is there once: under its own name where that lies in the folder too.</summary>
    public static FolderStore Find(string folder)
    {
        var (paths, others, dotted, links, unreadable) = (new List<string>(), new List<string>(), new List<string>(), new List<(FileSystemInfo Link, string Target)>(), 0);
        // Of the files only those that a link leads to: a million others are no more than their paths.
        var (visited, linked) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var waiting = new Stack<(DirectoryInfo Place, string Real)>([(new DirectoryInfo(folder), RealPath(folder))]);
        while (waiting.Count > 0)
        {
            while (waiting.TryPop(out var at))
            {
                foreach (var entry in visited.Add(at.Real) ? at.Place.EnumerateFileSystemInfos() : [])
                {
                    if (entry.Name.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(entry.FullName))
                    {
                        unreadable++;
                    }
                    else if (IsOutOfSight(entry))
                    {
                        if (entry is DirectoryInfo below && IsDotted(entry.Name) && below.EnumerateFiles("*", Everything).Any(file => !IsHidden(file.Name) && IsImage(file.Name)))
                        {
                            dotted.Add(Below(folder, entry));
                        }
                    }
                    else
                    {
                        if (entry.LinkTarget is not null)
                        {
                            links.Add((entry, RealPath(entry.FullName)));
                        }
                        else if (entry is DirectoryInfo folderBelow)
                        {
                            waiting.Push((folderBelow, Path.Combine(at.Real, entry.Name)));
                        }
                        else if (linked.Count == 0 || !linked.Contains(Path.Combine(at.Real, entry.Name)))
                        {
                            Take(entry);
                        }
                    }
                }
            }

            // When all is known that lies in the folder itself.
            foreach (var (link, target) in links.OrderBy(one => one.Link.FullName, StringComparer.Ordinal))
            {
                if (link is DirectoryInfo below)
                {
                    waiting.Push((below, target));
                }
                else if (!IsTaken(target, link) && linked.Add(target))
                {
                    Take(link);
                }
            }

            links.Clear();
        }

        paths.Sort(StringComparer.Ordinal);
        others.Sort(StringComparer.Ordinal);
        dotted.Sort(StringComparer.Ordinal);
        return new FolderStore
        {
            Location = folder,
            Name = new DirectoryInfo(folder).Name,
            Paths = paths,
            OtherPaths = others,
            DottedFolders = dotted,
            UnreadableNames = unreadable,
        };

        void Take(FileSystemInfo file) => (IsImage(file.Name) ? paths : others).Add(Below(folder, file));

        // In a folder that has been looked through, and as an image where the link has the name of one.
        bool IsTaken(string real, FileSystemInfo link) => visited.Contains(Path.GetDirectoryName(real)!)
            && new FileInfo(real) is { Exists: true, LinkTarget: null } file && !IsOutOfSight(file) && (IsImage(file.Name) || !IsImage(link.Name));
    }

    /// <inheritdoc/>
    public override byte[] Read(int index) => RegularFile.ReadAll(Path.Combine(Location, Paths[index]), LargestImage);

    // With no link in it, wherever links lead.
    private static string RealPath(string path)
    {
        const int MostLinks = 40;
        var (real, followed) = (Path.GetPathRoot(Path.GetFullPath(path))!, 0);
        var left = new Stack<string>(Parts(Path.GetFullPath(path)).Reverse());
        while (left.TryPop(out var part))
        {
            if (part is "." or "..")
            {
                real = part == "." ? real : Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target || ++followed > MostLinks)
            {
                real = next;
                continue;
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(Path.GetFullPath(target))! : real;
            foreach (var name in Parts(target).Reverse())
            {
                left.Push(name);
            }
        }

        return real;

        static string[] Parts(string path) => path[Path.GetPathRoot(path)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
    }

    // Where a backslash does not part folders, it is a letter of a name.
    private static string Below(string folder, FileSystemInfo entry) => Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsOutOfSight(FileSystemInfo entry) =>
        IsHidden(entry.Name) || entry.Attributes.HasFlag(FileAttributes.Hidden);
}
