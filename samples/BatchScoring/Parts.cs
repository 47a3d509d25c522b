using System.Runtime.InteropServices;

namespace Samples.BatchScoring;

/// <summary>A folder in which several processes, of one machine or of many, write each file once.</summary>
internal sealed partial class Parts(string folder)
{
    // On the same disk, so that a file is there in one step. What a crash leaves in it may be deleted while nobody writes.
    private readonly string _unfinished = Directory.CreateDirectory(Path.Combine(folder, "unfinished")).FullName;

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Writes a file, which is there whole or not at all. Of several one stays; false where there was one already.</summary>
    public bool Write(string name, Action<StreamWriter> write)
    {
        var unfinished = Path.Combine(_unfinished, Guid.NewGuid().ToString());
        try
        {
            using (var file = new StreamWriter(File.Create(unfinished, 1 << 20, FileOptions.WriteThrough))) write(file);

            // But on Windows, a move puts itself in the place of a file that came in the same moment. A link does not; some file systems have none.
            if (OperatingSystem.IsWindows() || Link(unfinished, this[name]) != 0) File.Move(unfinished, this[name]);
            return true;
        }
        catch (IOException) when (File.Exists(this[name]))
        {
            return false;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string name);
}
