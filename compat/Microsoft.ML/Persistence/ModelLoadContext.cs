using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal delegate void SignatureLoadModel(ModelLoadContext ctx);

/// <summary>Where a component reads what it wrote into a <see cref="ModelSaveContext"/>.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";

    public readonly RepositoryReader Repository;
    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string LoaderAssemblyName;
    internal ModelHeader Header;

    private readonly long _start;

    internal ModelLoadContext(RepositoryReader rep, RepositoryEntry ent, string dir)
    {
        Repository = rep;
        Directory = dir;
        Reader = new BinaryReader(ent.Stream, Encoding.UTF8, leaveOpen: true);
        _start = ent.Stream.Position;
        Header = ModelHeader.Read(Reader, out Strings, out LoaderAssemblyName);
    }

    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(rep, nameof(rep));
        using var entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry == null)
        {
            result = null;
            return false;
        }

        using var ctx = new ModelLoadContext(rep, entry, dir);
        result = ctx.Create<TSig>(env, extra) as TRes ?? throw env.ExceptDecode("Couldn't load model: '{0}'", dir);
        return true;
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, rep, dir, extra))
        {
            throw env.ExceptDecode("Corrupt model file");
        }
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra)
        where TRes : class
        => LoadModel<TRes, TSig>(env, out result, Repository, Path.Combine(Directory ?? "", name), extra);

    public void CheckAtModel() => Contracts.Check(Reader.BaseStream.Position == _start + ModelHeader.Size);

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        Header.CheckVersionInfo(ver);
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        using var entry = Repository.OpenEntryOrNull(Directory, name);
        if (entry == null)
        {
            return false;
        }

        using var reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public string LoadStringOrNull()
    {
        var id = Reader.ReadInt32();
        Contracts.CheckDecode(id >= -1 && id < Strings.Length);
        return id < 0 ? null : Strings[id];
    }

    public string LoadString()
    {
        var text = LoadStringOrNull();
        Contracts.CheckDecode(text != null);
        return text;
    }

    public string LoadNonEmptyString()
    {
        var text = LoadStringOrNull();
        Contracts.CheckDecode(!string.IsNullOrEmpty(text));
        return text;
    }

    public void Dispose() => Reader.Dispose();

    // The class is found by the loader signature in the catalog, which first learns the classes of the assembly that the header names.
    private object Create<TSig>(IHostEnvironment env, object[] extra)
    {
        if (!string.IsNullOrEmpty(LoaderAssemblyName))
        {
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(LoaderAssemblyName));
        }

        foreach (var signature in Header.LoaderSignatures())
        {
            if (env.ComponentCatalog.TryCreateInstance<TSig>(env, out var result, signature, [this, .. extra]))
            {
                Contracts.CheckDecode(Reader.BaseStream.Position == _start + ModelHeader.Size + Header.BodyLength);
                return result;
            }
        }

        return null;
    }
}
