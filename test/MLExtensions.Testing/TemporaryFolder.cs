namespace MLExtensions.Testing;

/// <summary>A folder of its own under the system's temporary folder, deleted with all it holds on <see cref="Dispose"/>.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("mlextensions-").FullName;

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>A full path below it; nothing is made.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
