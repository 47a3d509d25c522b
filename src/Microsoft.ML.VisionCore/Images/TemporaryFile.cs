using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// A file in the folder for temporary ones, for what does not fit into memory. It is gone when this is disposed of, and where the system can do that, when
/// the process ends in whatever way. One thread writes; then any number read.
/// </summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path;
    private readonly string _content;
    private readonly SafeFileHandle _handle;

    /// <param name="content">What will be in it, in one word: its name begins so, and messages use it.</param>
    /// <param name="folder">Where to make it; null is the system's folder for temporary files.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public TemporaryFile(string content, string? folder = null)
    {
        _content = content;
        _path = Path.Combine(folder ?? Path.GetTempPath(), $"{content}-{Path.GetRandomFileName()}");
        try
        {
            _handle = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fails(exception);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.Delete(_path); // What is open stays, without a name.
        }
    }

    /// <exception cref="IOException">It cannot be written, for want of space for instance.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (IOException exception)
        {
            throw Fails(exception);
        }
    }

    /// <exception cref="IOException">It cannot be read, or ends before.</exception>
    public void Read(Span<byte> bytes, long offset)
    {
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_handle, bytes[done..], offset + done);
            done += read > 0 ? read : throw new EndOfStreamException($"The temporary file of {_content} ends at {offset + done} bytes; expected {bytes.Length - done} more.");
        }
    }

    public void Dispose() => _handle.Dispose();

    private IOException Fails(Exception exception) => new(
        $"The {_content} of the images do not fit into the memory that they may take (Recipe.PixelCacheBytes) and cannot be written to a temporary file in '{Path.GetDirectoryName(_path)}': "
            + $"{exception.Message.TrimEnd('.')}. Make room there, name another folder (the environment variable {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")}), allow more memory, or train on smaller images.", exception);
}
