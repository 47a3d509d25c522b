using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(KeyToValueMappingTransformer), null, typeof(SignatureLoadModel), "", KeyToValueMappingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys into the values that their column's KeyValues annotation names; a missing key into the type's missing value.</summary>
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<KeyToValueMappingTransformer>(nameof(KeyToValueMappingTransformer), "KEY2VALT", 0x00010001, LoaderSignature);

    internal KeyToValueMappingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Format, env, columns)
    {
    }

    // *** Binary format ***
    // column names
    private KeyToValueMappingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format, env, ctx)
    {
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : OneToOneMapperBase
    {
        private readonly KeyToValueMappingTransformer _parent;
        private readonly PrimitiveDataViewType[] _types;

        internal Mapper(KeyToValueMappingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), parent, inputSchema)
        {
            _parent = parent;
            _types = parent.ColumnPairs.Select((_, i) => ValueType(inputSchema[ColMapNewToOld[i]])).ToArray();
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            _types.Select((type, i) => new DataViewSchema.DetachedColumn(_parent.ColumnPairs[i].outputColumnName, type)).ToArray();

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var source = input.Schema[ColMapNewToOld[iinfo]];
            var keys = InputSchema[ColMapNewToOld[iinfo]];
            return (Delegate)TypeDispatch.Call(typeof(Mapper), nameof(Getter), _types[iinfo].RawType, keys, KeyIndex.MakeGetter(input, source));
        }

        private static ValueGetter<T> Getter<T>(DataViewSchema.Column keys, ValueGetter<ulong> getKey)
        {
            VBuffer<T> annotation = default;
            keys.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref annotation);
            var values = annotation.DenseValues().ToArray();
            var missing = typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
            ulong key = 0;
            return (ref T value) =>
            {
                getKey(ref key);
                value = key > 0 && key <= (ulong)values.Length ? values[key - 1] : missing;
            };
        }

        private PrimitiveDataViewType ValueType(DataViewSchema.Column keys)
        {
            var values = keys.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
            Host.Check(values != null, $"Column '{keys.Name}' has no KeyValues annotation.");
            Host.Check(keys.Type is KeyDataViewType type && type.Count == (ulong)values.Size, $"Column '{keys.Name}' of type {keys.Type} has {values.Size} KeyValues.");
            return values.ItemType;
        }
    }
}
