using System.IO.Compression;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>An open stream of a repository.</summary>
internal sealed class RepositoryEntry : IDisposable
{
    private readonly Action _onClose;
    private bool _disposed;

    internal RepositoryEntry(Stream stream, Action onClose)
    {
        Stream = stream;
        _onClose = onClose;
    }

    public Stream Stream { get; }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _onClose?.Invoke();
        }
    }
}

/// <summary>Names of entries: folders and file joined by slashes.</summary>
internal static class RepositoryPath
{
    public static string Of(string dir, string name)
    {
        Contracts.CheckParam(dir == null || !dir.Contains(".."), nameof(dir));
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(name) && !name.Contains(".."), nameof(name));
        return Normalise(string.IsNullOrEmpty(dir) ? name : $"{dir}/{name}");
    }

    public static string Normalise(string path) => path.Replace('\\', '/');

    /// <summary>A seekable buffer on disk that vanishes when it is closed; entries can be larger than memory should hold.</summary>
    public static FileStream Buffer(IExceptionContext ectx)
    {
        var folder = (ectx as IHostEnvironmentInternal)?.TempFilePath ?? Path.GetTempPath();
        return new FileStream(Path.Combine(folder, $"ml_dotnet_{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    }
}

/// <summary>Writes a zip archive of named streams; several may be open at a time.</summary>
internal sealed class RepositoryWriter : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly IExceptionContext _ectx;
    private readonly HashSet<string> _names = new();
    private bool _disposed;

    private RepositoryWriter(Stream stream, IExceptionContext ectx)
    {
        _archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        _ectx = ectx;
    }

    public static RepositoryWriter CreateNew(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryWriter(stream, ectx);
    }

    public RepositoryEntry CreateEntry(string name) => CreateEntry(null, name);

    public RepositoryEntry CreateEntry(string dir, string name)
    {
        var path = RepositoryPath.Of(dir, name);
        if (!_names.Add(path))
        {
            throw _ectx.ExceptParam(nameof(name), "Duplicate entry: '{0}'", path);
        }

        var buffer = RepositoryPath.Buffer(_ectx);
        return new RepositoryEntry(buffer, () => Store(path, buffer));
    }

    public void Commit() => Dispose();

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _archive.Dispose();
        }
    }

    private void Store(string path, FileStream buffer)
    {
        using (buffer)
        {
            if (!_disposed)
            {
                using var target = _archive.CreateEntry(path).Open();
                buffer.Position = 0;
                buffer.CopyTo(target);
            }
        }
    }
}

/// <summary>Reads a zip archive of named streams.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly IExceptionContext _ectx;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new();

    private RepositoryReader(Stream stream, IExceptionContext ectx)
    {
        _ectx = ectx;
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (Exception ex)
        {
            throw ectx.ExceptDecode(ex, "Failed to open a zip archive");
        }

        foreach (var entry in _archive.Entries)
        {
            _entries[RepositoryPath.Normalise(entry.FullName)] = entry;
        }
    }

    public static RepositoryReader Open(Stream stream, IExceptionContext ectx = null)
    {
        ectx.CheckValue(stream, nameof(stream));
        return new RepositoryReader(stream, ectx);
    }

    public RepositoryEntry OpenEntryOrNull(string name) => OpenEntryOrNull(null, name);

    public RepositoryEntry OpenEntryOrNull(string dir, string name)
    {
        if (!_entries.TryGetValue(RepositoryPath.Of(dir, name), out var entry))
        {
            return null;
        }

        var buffer = RepositoryPath.Buffer(_ectx);
        try
        {
            using var source = entry.Open();
            source.CopyTo(buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        buffer.Position = 0;
        return new RepositoryEntry(buffer, buffer.Dispose);
    }

    public void Dispose() => _archive.Dispose();
}
