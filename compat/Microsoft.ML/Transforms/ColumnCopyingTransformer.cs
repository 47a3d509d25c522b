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

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ColumnCopyingTransformer>(nameof(ColumnCopyingTransformer), "COPYCOLT", 0x00010001, LoaderSignature);

    internal ColumnCopyingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Format, env, columns)
    {
    }

    // *** Binary format ***
    // column names
    private ColumnCopyingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper(ColumnCopyingTransformer parent, DataViewSchema inputSchema)
        : OneToOneMapperBase(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
    {
        private readonly ColumnCopyingTransformer _parent = parent;

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
