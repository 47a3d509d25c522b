using System.Collections.Concurrent;

namespace MLExt;

/// <summary>
/// A file that appears whole or not at all: it is written under a temporary name beside its final one and renamed at
/// the end. Made before the long work starts, so that a folder that cannot be written to is found at once.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private static readonly ConcurrentDictionary<OutputFile, bool> Reserved = new();

    private readonly string _temporary;
    private readonly string? _madeFolder;
    private bool _done;

    /// <summary>Reserves the place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isImage">Whether it is going to be an image; nothing else is written over one.</param>
    /// <exception cref="CommandException">It cannot be written to.</exception>
    public OutputFile(string path, bool isImage = false)
    {
        FullPath = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(FullPath)
            ?? throw new CommandException($"'{path}' names no file to write.");
        _temporary = Path.Combine(folder, $".{Path.GetFileName(FullPath)}.{Path.GetRandomFileName()}");
        try
        {
            if (Directory.Exists(FullPath))
            {
                throw new IOException("it is a folder.");
            }

            if (!isImage && File.Exists(FullPath) && Data.ImageStore.ImageExtensions.Contains(Path.GetExtension(FullPath), StringComparer.OrdinalIgnoreCase))
            {
                throw new IOException("it is an image, which nothing else is written over.");
            }

            _madeFolder = FirstMissing(folder);
            Directory.CreateDirectory(folder);
            using var stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write);
            Reserved.TryAdd(this, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemoveMadeFolder();
            throw new CommandException($"'{path}' cannot be written: {Fault(e, path)}", inner: e);
        }
    }

    /// <summary>Reserves the place where there is a name.</summary>
    /// <exception cref="CommandException">It cannot be written to.</exception>
    public static OutputFile? IfNamed(string? path) => path is null ? null : new OutputFile(path);

    /// <summary>Refuses outputs that are one file, or that would be written over what is read.</summary>
    /// <param name="outputs">What is to be written, with the option that names it; null is an output that is not wanted.</param>
    /// <param name="inputs">What is read.</param>
    /// <exception cref="CommandException">Two are the same; the message names both.</exception>
    public static void CheckDistinct((string Option, string? Path)[] outputs, params IEnumerable<(string Option, string? Path)> inputs)
    {
        var seen = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (option, path) in inputs.Where(one => !string.IsNullOrEmpty(one.Path)))
        {
            seen.TryAdd(Resolved(path!), option);
        }

        foreach (var (option, path) in outputs.Where(one => !string.IsNullOrEmpty(one.Path)))
        {
            var full = Resolved(path!);
            if (!seen.TryAdd(full, option))
            {
                throw new CommandException($"{seen[full]} and {option} name the same file '{path}'; give another one to write.", MLExt.ExitCode.Usage);
            }
        }
    }

    private static string Resolved(string path) => (File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(path);

    /// <summary>The final name.</summary>
    public string FullPath { get; }

    /// <summary>Writes the file and gives it its name.</summary>
    /// <param name="write">Gets the path to write to.</param>
    /// <exception cref="CommandException">It could not be written, for want of space for instance; nothing is left of it.</exception>
    public void Write(Action<string> write)
    {
        try
        {
            write(_temporary);
            File.Move(_temporary, FullPath, overwrite: true);
            _done = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{FullPath}' could not be written: {Fault(e, FullPath)}", inner: e);
        }
    }

    /// <summary>Writes a text file and gives it its name.</summary>
    /// <exception cref="CommandException">It could not be written; nothing is left of it.</exception>
    public void WriteText(string text) => Write(path => File.WriteAllText(path, text));

    /// <summary>Removes what was reserved and not written.</summary>
    public void Dispose()
    {
        Reserved.TryRemove(this, out _);
        Remove();
    }

    /// <summary>Removes what was reserved and not written by anyone: for a process that is ended before it can.</summary>
    public static void RemoveAll()
    {
        foreach (var file in Reserved.Keys)
        {
            file.Remove();
        }
    }

    private void Remove()
    {
        if (!_done)
        {
            File.Delete(_temporary);
            RemoveMadeFolder();
        }
    }

    // In the system's words it is the temporary file that something is wrong with.
    private string Fault(Exception fault, string path) => fault is FileNotFoundException ? $"no file can be made in '{Path.GetDirectoryName(FullPath)}'."
        : fault.Message.Replace(_temporary, path, StringComparison.Ordinal);

    private static string? FirstMissing(string folder)
    {
        string? missing = null;
        for (var place = folder; place is not null && !Directory.Exists(place); place = Path.GetDirectoryName(place))
        {
            missing = place;
        }

        return missing;
    }

    private void RemoveMadeFolder()
    {
        if (_madeFolder is not null && Directory.Exists(_madeFolder)
            && !Directory.EnumerateFiles(_madeFolder, "*", SearchOption.AllDirectories).Any())
        {
            Directory.Delete(_madeFolder, recursive: true);
        }
    }
}
