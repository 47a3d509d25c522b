namespace MLExt.Data;

/// <summary>The folder of a support set whose images belong to one of its classes, but nobody has said which.</summary>
internal static class UnlabelledFolder
{
    /// <summary>Names that such a folder may have, whatever their case.</summary>
    public static IReadOnlyList<string> Names { get; } = ["unlabeled", "_unlabeled", "unlabelled", "_unlabelled"];

    /// <summary>Whether an image lies directly in such a folder.</summary>
    /// <param name="path">Its path below the data set's root, with '/'.</param>
    public static bool Holds(string path) => path.Split('/') is [.., var folder, _] && Names.Contains(folder, StringComparer.OrdinalIgnoreCase);
}
