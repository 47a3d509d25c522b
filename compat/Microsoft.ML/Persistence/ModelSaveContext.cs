using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component writes its model: a stream of its own, further streams beside it, and sub-models below it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly RepositoryWriter Repository;
    internal readonly string Directory;
    internal readonly BinaryWriter Writer;
    internal ModelHeader Header;

    private readonly RepositoryEntry _entry;
    private readonly long _start;
    private readonly List<string> _strings = new();
    private readonly Dictionary<string, int> _stringIds = new();
    private string _loaderAssemblyName;
    private bool _disposed;

    internal ModelSaveContext(RepositoryWriter rep, string dir, string name)
    {
        Contracts.CheckValue(rep, nameof(rep));
        Repository = rep;
        Directory = dir;
        _entry = rep.CreateEntry(dir, name);
        Writer = new BinaryWriter(_entry.Stream, Encoding.UTF8, leaveOpen: true);
        _start = _entry.Stream.Position;
        Writer.Write(new byte[ModelHeader.Size]);
    }

    internal bool InRepository => Repository != null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Writer.Dispose();
            _entry.Dispose();
        }
    }

    internal static void SaveModel<T>(RepositoryWriter rep, T value, string path)
        where T : class
    {
        if (value is ICanSaveModel model)
        {
            using var ctx = new ModelSaveContext(rep, path, ModelLoadContext.ModelStreamName);
            model.Save(ctx);
            ctx.Done();
        }
    }

    internal void CheckAtModel()
    {
        Writer.Flush();
        Contracts.Check(_entry.Stream.Position == _start + ModelHeader.Size);
    }

    internal void SetVersionInfo(VersionInfo ver)
    {
        Header.SetVersionInfo(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveModel<T>(T value, string name)
        where T : class
        => SaveModel(Repository, value, Path.Combine(Directory ?? "", name));

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        using var entry = Repository.CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
    }

    internal void SaveStringOrNull(string str)
    {
        if (str == null)
        {
            Writer.Write(-1);
        }
        else
        {
            SaveString(str);
        }
    }

    internal void SaveString(string str)
    {
        Contracts.CheckValue(str, nameof(str));
        if (!_stringIds.TryGetValue(str, out var id))
        {
            id = _strings.Count;
            _stringIds.Add(str, id);
            _strings.Add(str);
        }

        Writer.Write(id);
    }

    internal void SaveNonEmptyString(string str)
    {
        Contracts.CheckParam(!string.IsNullOrEmpty(str), nameof(str));
        SaveString(str);
    }

    internal void Done()
    {
        Contracts.Check(Header.ModelSignature != 0, "ModelSignature not specified!");
        Header.Finish(Writer, _start, _strings, _loaderAssemblyName);
        Dispose();
    }
}
