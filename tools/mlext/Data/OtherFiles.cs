namespace MLExt.Data;

/// <summary>Says what was passed over in a data set because the names of the files are not those of images that are read.</summary>
internal static class OtherFiles
{
    private const int Named = 3;

    /// <summary>Tells how many files were passed over, and which folders become no class because of it.</summary>
    public static void Tell(Terminal terminal, ImageStore store)
    {
        if (Count(store) is { } passedOver)
        {
            terminal.Line(passedOver);
        }

        terminal.Warn(Warnings(store));
    }

    /// <summary>What may surprise: names that are no UTF-8, and the first folders that have files and yet become no class.</summary>
    public static IEnumerable<string> Warnings(ImageStore store)
    {
        if (store.CodePage is { } page)
        {
            yield return $"The names in '{Path.GetFileName(store.Location)}' are not UTF-8; they are read in code page {page}.";
        }

        if (store.UnreadableNames > 0)
        {
            yield return $"{store.UnreadableNames} {(store.UnreadableNames == 1 ? "file or folder is" : "files or folders are")} left out, whose names are not UTF-8: "
                + "they come from a system with another code page, and have to be renamed.";
        }

        foreach (var folder in store.DottedFolders.Take(Named))
        {
            yield return $"The folder '{folder}' is passed over with the images in it: its name begins with a dot.";
        }

        foreach (var lost in LostFolders(store))
        {
            yield return lost;
        }
    }

    private static IEnumerable<string> LostFolders(ImageStore store)
    {
        var used = store.Paths.Select(ClassNames.FolderOf).ToHashSet(StringComparer.Ordinal);
        return store.OtherPaths.GroupBy(ClassNames.FolderOf, StringComparer.Ordinal)
            .Where(lost => lost.Key.Length > 0 && !used.Any(folder => folder == lost.Key || folder.StartsWith(lost.Key + '/', StringComparison.Ordinal)))
            .Take(Named)
            .Select(lost => $"The folder '{lost.Key}' becomes no class: of its {lost.Count()} files, '{Path.GetFileName(lost.First())}' for instance, "
                + $"none is called as an image that is read ({string.Join(' ', ImageStore.ImageExtensions)}).");
    }

    // How many files, and of which kinds; null where there are none.
    private static string? Count(ImageStore store)
    {
        var all = store.OtherPaths.GroupBy(path => Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal).OrderByDescending(kind => kind.Count()).ToArray();
        var kinds = all.Take(Named).Select(kind => $"{(kind.Key.Length == 0 ? "without extension" : kind.Key)}: {kind.Count()}")
            .Concat(all.Length > Named ? [$"others: {all.Skip(Named).Sum(kind => kind.Count())}"] : []);
        return store.OtherPaths.Count switch
        {
            0 => null,
            1 => $"1 file that is not called as an image that is read is passed over: '{store.OtherPaths[0]}'.",
            var count => $"{count} files that are not called as images that are read are passed over ({string.Join(", ", kinds)}).",
        };
    }
}
