using System.Runtime.CompilerServices;

namespace MLExt.Tests.Documentation;

/// <summary>Files of the repository that this test was compiled in.</summary>
internal static class RepositoryFiles
{
    /// <summary>Full path of a file, from the repository's root.</summary>
    public static string At(params string[] parts) => Path.Combine([Root(), .. parts]);

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
