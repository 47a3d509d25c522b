using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel), "", ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Gives columns a second name, with their annotations.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";

    internal ColumnCopyingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnCopyingTransformer)), columns)
    {
    }

    // *** Binary format ***
    // column names
    private ColumnCopyingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static ColumnCopyingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new ColumnCopyingTransformer(env.Register(nameof(ColumnCopyingTransformer)), ctx);
    }

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "COPYCOLT",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(ColumnCopyingTransformer).Assembly.FullName);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(GetVersionInfo());
        SaveColumns(ctx);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ColumnCopyingTransformer _parent;

        internal Mapper(ColumnCopyingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => _parent.ColumnPairs.Select((pair, i) =>
        {
            var source = InputSchema[ColMapNewToOld[i]];
            return new DataViewSchema.DetachedColumn(pair.outputColumnName, source.Type, source.Annotations);
        }).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var source = input.Schema[ColMapNewToOld[iinfo]];
            return (Delegate)TypeDispatch.Call(typeof(Mapper), nameof(Getter), source.Type.RawType, input, source);
        }

        private static ValueGetter<T> Getter<T>(DataViewRow input, DataViewSchema.Column source) => input.GetGetter<T>(source);
    }
}
