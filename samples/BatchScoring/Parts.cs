namespace Samples.BatchScoring;

/// <summary>A folder in which several processes, of one machine or of many, write each file once.</summary>
internal sealed class Parts(string folder)
{
    // On the same disk, so that a file is moved in one step. What a crash leaves in it may be deleted.
    private readonly string _unfinished = Directory.CreateDirectory(Path.Combine(folder, "unfinished")).FullName;

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>Writes a file, which is there whole or not at all. Of several one stays; false where there was one already.</summary>
    public bool Write(string name, Action<StreamWriter> write)
    {
        var unfinished = Path.Combine(_unfinished, Guid.NewGuid().ToString());
        using (var file = new StreamWriter(File.Create(unfinished, 1 << 20, FileOptions.WriteThrough))) write(file);
        try { File.Move(unfinished, this[name]); }
        catch (IOException) when (File.Exists(this[name])) { File.Delete(unfinished); return false; }
        return true;
    }
}
