using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ValueToKeyMappingTransformer), null, typeof(SignatureLoadModel), "", ValueToKeyMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Turns values into keys with a vocabulary that was learned or given.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ValueToKeyMappingTransformer>("Term", "TERMTRNF", 0x00010003, LoaderSignature);

    private readonly KeyVocabulary _vocabulary;
    private readonly bool _annotationsAsText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, IDataView input, ValueToKeyMappingEstimator.ColumnOptions column, IDataView keyData)
        : base(Format, env, (column.OutputColumnName, column.InputColumnName))
    {
        Host.CheckValue(input, nameof(input));
        using var ch = Host.Start("Training");
        var type = (input.Schema.GetColumnOrNull(column.InputColumnName)
            ?? throw Host.ExceptSchemaMismatch(nameof(input), "input", column.InputColumnName)).Type;
        CheckInputColumn(input.Schema, 0, input.Schema[column.InputColumnName].Index);
        if (keyData == null)
        {
            Host.CheckUserArg(column.MaximumNumberOfKeys > 0, nameof(column.MaximumNumberOfKeys), "Must be positive");
        }
        else if (!keyData.Schema[0].Type.Equals(type))
        {
            throw Host.ExceptUserArg(nameof(keyData), $"The key data must be of type '{type}' but is '{keyData.Schema[0].Type}'.");
        }

        _annotationsAsText = column.AddKeyValueAnnotationsAsText;
        _vocabulary = KeyVocabulary.Create((PrimitiveDataViewType)type);
        var (data, source) = keyData == null ? (input, input.Schema[column.InputColumnName]) : (keyData, keyData.Schema[0]);
        _vocabulary.Learn(Host, data, source, keyData == null ? column.MaximumNumberOfKeys : int.MaxValue);
        if (column.KeyOrdinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
        {
            _vocabulary.Sort();
        }

        if (_vocabulary.Count == 0)
        {
            ch.Warning("Term map for output column '{0}' contains no entries.", column.OutputColumnName);
        }
    }

    // *** Binary format ***
    // column names, byte: 1 for annotations as text, type of the values, int: number of values, values
    private ValueToKeyMappingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
        Host.CheckDecode(ColumnPairs.Length == 1);
        _annotationsAsText = ctx.Reader.ReadBoolean();
        var type = TypeCodec.ReadType(ctx.Reader) as PrimitiveDataViewType;
        Host.CheckDecode(type != null);
        _vocabulary = KeyVocabulary.Create(type);
        _vocabulary.Read(ctx.Reader);
    }

    private protected override void SaveBody(ModelSaveContext ctx)
    {
        ctx.Writer.Write(_annotationsAsText);
        TypeCodec.WriteType(ctx.Writer, _vocabulary.ItemType);
        _vocabulary.Write(ctx.Writer);
    }

    private protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var type = inputSchema[srcCol].Type;
        if (type is not (NumberDataViewType or TextDataViewType or BooleanDataViewType or KeyDataViewType))
        {
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", ColumnPairs[col].inputColumnName, "standard type", type.ToString());
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly ValueToKeyMappingTransformer _parent;

        internal Mapper(ValueToKeyMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            var (name, type) = (inputSchema[ColMapNewToOld[0]].Name, inputSchema[ColMapNewToOld[0]].Type);
            Host.Check(type.Equals(parent._vocabulary.ItemType), $"Column '{name}' has type '{type}'; the vocabulary is of type '{parent._vocabulary.ItemType}'.");
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            _parent._vocabulary.Annotate(annotations, InputSchema[ColMapNewToOld[0]], _parent._annotationsAsText);
            return [new(_parent.ColumnPairs[0].outputColumnName, _parent._vocabulary.KeyType, annotations.ToAnnotations())];
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return _parent._vocabulary.MakeGetter(input, input.Schema[ColMapNewToOld[iinfo]]);
        }
    }
}
