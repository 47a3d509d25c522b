using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.VisionCore.Interop;

/// <summary>Opens files that somebody else has named: one that is none is refused, where opening a pipe would wait for whoever writes to it.</summary>
internal static partial class RegularFile
{
    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="IOException">It is missing, cannot be read, or is a pipe, a socket or the like.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        Check(path);
        return File.OpenRead(path);
    }

    /// <summary>Looks before somebody else opens the file.</summary>
    /// <exception cref="IOException">It is a pipe, a socket or the like.</exception>
    public static void Check(string path)
    {
        if (!OperatingSystem.IsWindows() && !CanSeek(path))
        {
            throw new IOException($"'{path}' is no regular file, but a pipe or the like");
        }
    }

    /// <summary>The bytes of a file, as many as it says it has when it is opened: a device has none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">As many may be.</param>
    /// <exception cref="IOException">It is missing, cannot be read, is a pipe, a socket or the like, or larger.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAll(string path, long most)
    {
        using var file = Open(path);
        if (file.Length > most)
        {
            throw new IOException($"it has {file.Length} bytes; an image may have {most}");
        }

        var bytes = new byte[file.Length];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    // True for what cannot be opened at all: why, the framework says better.
    private static bool CanSeek(string path)
    {
        const int LinuxNonBlocking = 0x800, MacNonBlocking = 4;
        using var handle = new SafeFileHandle(OpenDescriptor(path, OperatingSystem.IsMacOS() ? MacNonBlocking : LinuxNonBlocking), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return true;
        }

        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        return stream.CanSeek;
    }

    // Reading alone is 0 everywhere.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenDescriptor(string path, int flags);
}
