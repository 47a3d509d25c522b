namespace MLExt.Data;

/// <summary>
/// The rule that turns paths into classes: every folder that directly holds images is a class, and its name is its
/// path below the deepest folder that has all classes under it, composed: systems write the same letters in two ways.
/// </summary>
internal static class ClassNames
{
    /// <summary>Gives the class of each image.</summary>
    /// <param name="store">The images.</param>
    /// <param name="known">
    /// Classes that a model already has, or none. A data set with fewer classes can have a deeper common folder than
    /// the one the model was trained on; names are then taken from the folder above that gives most images a known class.
    /// </param>
    /// <exception cref="CommandException">Images lie both in class folders and beside them.</exception>
    public static string[] Of(ImageStore store, IReadOnlySet<string>? known = null) => Of(store, store.Paths, known);

    /// <summary>Gives the class of some of a store's images.</summary>
    /// <param name="store">The store.</param>
    /// <param name="paths">The paths of those images; the others have no part in where the common folder is.</param>
    /// <param name="known">Classes that a model already has, or none.</param>
    /// <exception cref="CommandException">Images lie both in class folders and beside them.</exception>
    public static string[] Of(ImageStore store, IReadOnlyList<string> paths, IReadOnlySet<string>? known = null)
    {
        var folders = paths.Select(FolderOf).ToArray();
        var distinct = folders.Distinct().ToArray();
        if (distinct is [""])
        {
            return [.. folders.Select(_ => store.Name.Normalize())];
        }

        if (Array.IndexOf(folders, "") is >= 0 and var stray)
        {
            throw new CommandException(
                $"'{paths[stray]}' in '{store.Location}' lies beside the class folders. Every image must lie in a folder named after its class.");
        }

        var depth = CommonDepth(distinct);
        if (known is { Count: > 0 })
        {
            depth = Enumerable.Range(0, depth + 1).Reverse().MaxBy(d => folders.Count(f => IsKnown(Below(f, d))));
        }

        var names = distinct.ToDictionary(f => f, f => Below(f, depth) is var name && known?.Contains(name) == true ? name : name.Normalize());
        return [.. folders.Select(f => names[f])];

        bool IsKnown(string name) => known.Contains(name) || known.Contains(name.Normalize());
    }

    /// <summary>The folder that a file lies in, without an ending slash; empty for those beside all folders.</summary>
    internal static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    /// <summary>How many leading folders all share, never a class folder itself.</summary>
    internal static int CommonDepth(string[] folders)
    {
        var parents = folders.Select(f => f.Split('/')[..^1]).ToArray();
        var depth = 0;
        while (parents.Length > 0 && parents.All(p => p.Length > depth && p[depth] == parents[0][depth]))
        {
            depth++;
        }

        return depth;
    }

    private static string Below(string folder, int depth) => string.Join('/', folder.Split('/').Skip(depth));
}
