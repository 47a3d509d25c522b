namespace MLExt.Serve;

/// <summary>A folder for what is uploaded and trained, deleted at the end.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("mlext-serve-").FullName;

    /// <summary>Makes a new folder in it.</summary>
    public string Make() => Directory.CreateDirectory(System.IO.Path.Combine(Path, NewId.Make())).FullName;

    /// <summary>Deletes a folder that <see cref="Make"/> made, as far as it can be.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is still open is left to the system, as everything in its folder for temporary files.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Delete(Path);
}
