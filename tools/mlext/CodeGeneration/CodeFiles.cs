namespace MLExt.CodeGeneration;

/// <summary>Generated files that appear beside a model at the end of a training, and whose places are reserved before it.</summary>
internal sealed class CodeFiles : IDisposable
{
    private readonly Dictionary<string, OutputFile> _files = [];

    /// <summary>Reserves the places.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="name">The model's name.</param>
    /// <exception cref="CommandException">One of them cannot be written to.</exception>
    public CodeFiles(string folder, string name)
    {
        try
        {
            foreach (var file in GeneratedCode.FileNames(name))
            {
                _files.Add(file, new OutputFile(Path.Combine(folder, file)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes the files.</summary>
    /// <returns>Their names in full.</returns>
    public IReadOnlyList<string> Write(CodeSubject subject)
    {
        foreach (var file in GeneratedCode.For(subject))
        {
            _files[file.Name].WriteText(file.Text);
        }

        return [.. _files.Values.Select(f => f.FullPath)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }
}
