namespace MLExtensions.Testing;

/// <summary>Data sets that lie in a folder "shared/data" beside or above the clone, and are no part of it.</summary>
public static class SharedData
{
    /// <summary>The path of a file; the test is skipped with a message where it is missing.</summary>
    /// <param name="name">The file.</param>
    /// <param name="what">What it holds.</param>
    public static string Find(string name, string what)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "shared", "data", name) is var file && File.Exists(file))
            {
                return file;
            }
        }

        throw new AssertInconclusiveException($"There is no shared/data/{name} ({what}).");
    }
}
