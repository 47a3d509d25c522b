using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel), "", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Makes one vector of several columns of one item type.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private static readonly TransformerFormat Format =
        TransformerFormat.Of<ColumnConcatenatingTransformer>(nameof(ColumnConcatenatingTransformer), "CONCAT F", 0x00010003, LoaderSignature);

    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(Format.Register(env))
    {
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    // *** Binary format ***
    // string: output name, int: number of inputs, strings: their names
    private ColumnConcatenatingTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(Format.Open(env, ctx))
    {
        _name = ctx.LoadNonEmptyString();
        var count = ctx.Reader.ReadInt32();
        Host.CheckDecode(count > 0 && count <= ctx.Strings.Length);
        _sources = Enumerable.Range(0, count).Select(_ => ctx.LoadNonEmptyString()).ToArray();
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Format.Begin(Host, ctx);
        ctx.SaveNonEmptyString(_name);
        ctx.Writer.Write(_sources.Length);
        Array.ForEach(_sources, ctx.SaveNonEmptyString);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema);

    private sealed class Mapper : MapperBase
    {
        private readonly ColumnConcatenatingTransformer _parent;
        private readonly DataViewSchema.Column[] _sources;
        private readonly VectorDataViewType _type;

        internal Mapper(ColumnConcatenatingTransformer parent, DataViewSchema inputSchema)
            : base(parent.Host.Register(nameof(Mapper)), inputSchema, parent)
        {
            _parent = parent;
            _sources = Array.ConvertAll(parent._sources, Find);
            var sizes = Array.ConvertAll(_sources, source => source.Type.GetValueCount());
            _type = new VectorDataViewType((PrimitiveDataViewType)_sources[0].Type.GetItemType(), sizes.Contains(0) ? 0 : sizes.Sum());
        }

        private bool IsIdentity => _sources.Length == 1 && _sources[0].Type is VectorDataViewType;

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore()
        {
            if (IsIdentity)
            {
                return [new(_parent._name, _sources[0].Type, _sources[0].Annotations)];
            }

            var annotations = new DataViewSchema.Annotations.Builder();
            if (_type.ItemType is NumberDataViewType && Array.TrueForAll(_sources, IsNormalized))
            {
                annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
            }

            if (_type.IsKnownSize && Array.Exists(_sources, source => source.Type is not VectorDataViewType || HasSlotNames(source)))
            {
                annotations.AddSlotNames(_type.Size, GetSlotNames);
            }

            return [new(_parent._name, _type, annotations.ToAnnotations())];
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            return (Delegate)TypeDispatch.Call(typeof(Mapper), nameof(Getter), _type.ItemType.RawType, input, Array.ConvertAll(_sources, source => source.Index));
        }

        private protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput) =>
            column => activeOutput(0) && Array.Exists(_sources, source => source.Index == column);

        private protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        private static bool IsNormalized(DataViewSchema.Column source)
        {
            var normalized = false;
            if (source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.IsNormalized)?.Type is BooleanDataViewType)
            {
                source.Annotations.GetValue(AnnotationUtils.Kinds.IsNormalized, ref normalized);
            }

            return normalized;
        }

        private static bool HasSlotNames(DataViewSchema.Column source) =>
            source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is VectorDataViewType { ItemType: TextDataViewType } names
            && names.Size == source.Type.GetValueCount();

        private static ValueGetter<VBuffer<T>> Getter<T>(DataViewRow input, int[] sources)
        {
            var parts = Array.ConvertAll(sources, source => VectorGetter<T>(input, input.Schema[source]));
            var vectors = new VBuffer<T>[parts.Length];
            return (ref VBuffer<T> result) =>
            {
                for (var i = 0; i < parts.Length; i++)
                {
                    parts[i](ref vectors[i]);
                }

                var editor = VBufferEditor.Create(ref result, vectors.Sum(vector => vector.Length));
                var offset = 0;
                foreach (var vector in vectors)
                {
                    vector.CopyTo(editor.Values[offset..]);
                    offset += vector.Length;
                }

                result = editor.Commit();
            };
        }

        private static ValueGetter<VBuffer<T>> VectorGetter<T>(DataViewRow input, DataViewSchema.Column source)
        {
            if (source.Type is VectorDataViewType)
            {
                return input.GetGetter<VBuffer<T>>(source);
            }

            var getter = input.GetGetter<T>(source);
            return (ref VBuffer<T> vector) =>
            {
                var editor = VBufferEditor.Create(ref vector, 1);
                getter(ref editor.Values[0]);
                vector = editor.Commit();
            };
        }

        private DataViewSchema.Column Find(string name)
        {
            var column = InputSchema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);
            var first = InputSchema[_parent._sources[0]].Type.GetItemType();
            return column.Type.GetItemType().Equals(first)
                ? column
                : throw Host.ExceptSchemaMismatch("inputSchema", "input", name, first.ToString(), column.Type.ToString());
        }

        /// <summary>A scalar's name is its column's; a vector's slot is named "column.slot", or nothing.</summary>
        private void GetSlotNames(ref VBuffer<ReadOnlyMemory<char>> names)
        {
            var editor = VBufferEditor.Create(ref names, _type.Size);
            editor.Values.Clear();
            var offset = 0;
            foreach (var source in _sources)
            {
                if (source.Type is not VectorDataViewType)
                {
                    editor.Values[offset] = source.Name.AsMemory();
                }
                else if (HasSlotNames(source))
                {
                    VBuffer<ReadOnlyMemory<char>> slots = default;
                    source.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref slots);
                    foreach (var slot in slots.Items().Where(slot => !slot.Value.IsEmpty))
                    {
                        editor.Values[offset + slot.Key] = $"{source.Name}.{slot.Value}".AsMemory();
                    }
                }

                offset += source.Type.GetValueCount();
            }

            names = editor.Commit();
        }
    }
}
