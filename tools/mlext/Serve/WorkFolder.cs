namespace MLExt.Serve;

/// <summary>
/// A folder for what is uploaded and trained, deleted at the end. While it is used a file in it is locked, so that those that a crash has left
/// behind can be told apart; making a new one deletes them.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = "mlext-serve-";
    private const string LockName = ".lock";

    /// <summary>A lock file that was made this moment may not be locked yet.</summary>
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    /// <summary>Makes an empty folder.</summary>
    public WorkFolder()
    {
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = new FileStream(System.IO.Path.Combine(Path, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        foreach (var other in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*").Where(IsLeftBehind))
        {
            Delete(other);
        }
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder in it.</summary>
    public string Make() => Directory.CreateDirectory(System.IO.Path.Combine(Path, NewId.Make())).FullName;

    /// <summary>Makes an empty file in it, which is deleted when it is closed.</summary>
    public FileStream MakeFile() => new(System.IO.Path.Combine(Path, NewId.Make()), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
    });

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
    public void Dispose()
    {
        _lock.Dispose();
        Delete(Path);
    }

    private static bool IsLeftBehind(string folder)
    {
        try
        {
            var lockFile = System.IO.Path.Combine(folder, LockName);
            if (!File.Exists(lockFile) || DateTime.UtcNow - File.GetLastWriteTimeUtc(lockFile) < Youth)
            {
                return false;
            }

            using var free = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it is used, or somebody else's
        }
    }
}
