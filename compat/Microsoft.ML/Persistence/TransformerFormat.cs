using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What all models of one kind of transformer have in common: the name of their host and what their header says.</summary>
internal sealed class TransformerFormat
{
    private readonly string _registrationName;
    private readonly VersionInfo _version;

    private TransformerFormat(string registrationName, VersionInfo version)
    {
        _registrationName = registrationName;
        _version = version;
    }

    /// <summary>A format of one version, read and written by <typeparamref name="TTransformer"/>.</summary>
    internal static TransformerFormat Of<TTransformer>(string registrationName, string modelSignature, uint version, string loaderSignature) =>
        new(registrationName, new VersionInfo(modelSignature, version, version, version, typeof(TTransformer).Assembly.FullName, loaderSignature));

    /// <summary>The host of a new transformer.</summary>
    internal IHost Register(IHostEnvironment env) => Contracts.CheckRef(env, nameof(env)).Register(_registrationName);

    /// <summary>The host of a transformer that is being loaded, once the header is one that can be read.</summary>
    internal IHost Open(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = Register(env);
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(_version);
        return host;
    }

    /// <summary>Writes the header.</summary>
    internal void Begin(IHost host, ModelSaveContext ctx)
    {
        host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(_version);
    }
}
