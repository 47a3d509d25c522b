using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <inheritdoc/>
internal sealed class KeyVocabulary<T> : KeyVocabulary
{
    private readonly List<T> _values = [];
    private readonly Dictionary<T, uint> _keys = new(Comparer as IEqualityComparer<T> ?? EqualityComparer<T>.Default);

    internal KeyVocabulary(PrimitiveDataViewType itemType)
        : base(itemType)
    {
    }

    internal override int Count => _values.Count;

    private static object Comparer => typeof(T) == typeof(ReadOnlyMemory<char>) ? TextComparer.Instance : null;

    internal override void Learn(IHost host, IDataView data, DataViewSchema.Column column, int maximum)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        while (Count < maximum && cursor.MoveNext())
        {
            host.CheckAlive();
            getter(ref value);
            if (!IsMissing(value) && !_keys.ContainsKey(value))
            {
                Add(value);
            }
        }
    }

    internal override void Sort()
    {
        var values = _values.ToArray();
        Array.Sort(values, Comparer as IComparer<T> ?? Comparer<T>.Default);
        _values.Clear();
        _keys.Clear();
        Array.ForEach(values, Add);
    }

    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        _values.ForEach(value => TypeCodec.WriteValue(writer, value));
    }

    internal override void Read(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var value = TypeCodec.ReadValue<T>(reader);
            Contracts.CheckDecode(!_keys.ContainsKey(value));
            Add(value);
        }
    }

    internal override ValueGetter<uint> MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return (ref uint key) =>
        {
            getter(ref value);
            _keys.TryGetValue(value, out key);
        };
    }

    internal override void Annotate(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, bool asText)
    {
        if (Count == 0)
        {
            return;
        }

        var meanings = source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
        if (ItemType is KeyDataViewType type && meanings != null && (ulong)meanings.Size == type.Count)
        {
            TypeDispatch.Call(this, nameof(AddMeanings), meanings.ItemType.RawType, annotations, source, meanings.ItemType, asText);
        }
        else
        {
            AddKeyValues(annotations, ItemType, asText, () => _values);
        }
    }

    private static void AddKeyValues<TValue>(
        DataViewSchema.Annotations.Builder annotations, PrimitiveDataViewType type, bool asText, Func<IReadOnlyList<TValue>> values)
    {
        // The number of values is fixed by the time annotations are made.
        var count = values().Count;
        if (asText && type is not TextDataViewType)
        {
            annotations.AddKeyValues(count, TextDataViewType.Instance, Getter(() => values().Select(value => Text(value).AsMemory())));
        }
        else
        {
            annotations.AddKeyValues(count, type, Getter(values));
        }
    }

    private static ValueGetter<VBuffer<TValue>> Getter<TValue>(Func<IEnumerable<TValue>> values) =>
        (ref VBuffer<TValue> annotation) =>
        {
            var array = values().ToArray();
            annotation = new VBuffer<TValue>(array.Length, array);
        };

    private static string Text<TValue>(TValue value) => value switch
    {
        bool flag => flag ? "1" : "0",
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private bool IsMissing(T value) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        _ => ItemType is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    private void Add(T value)
    {
        // A text may point into a buffer that its source writes over.
        var kept = value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
        _values.Add(kept);
        _keys.Add(kept, (uint)_values.Count);
    }

    private void AddMeanings<TMeaning>(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column source, PrimitiveDataViewType type, bool asText) =>
        AddKeyValues(annotations, type, asText, () =>
        {
            VBuffer<TMeaning> meanings = default;
            source.Annotations.GetValue(AnnotationUtils.Kinds.KeyValues, ref meanings);
            return _values.ConvertAll(key => meanings.GetItemOrDefault((int)(Convert.ToUInt64(key, CultureInfo.InvariantCulture) - 1)));
        });

    /// <summary>Text by its UTF-16 code units.</summary>
    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        internal static readonly TextComparer Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
