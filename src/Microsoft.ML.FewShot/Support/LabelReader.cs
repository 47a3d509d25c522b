using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>Reads what support rows say about their classes. For one pass.</summary>
internal abstract class LabelReader
{
    /// <summary>The columns that are read.</summary>
    public abstract IReadOnlyList<DataViewSchema.Column> Sources { get; }

    /// <summary>Makes a function that gives the classes of the present row: one for a label, several for candidates, none where neither is there.</summary>
    public abstract Func<int[]> Open(DataViewRow row);

    /// <summary>All classes, after the last row was read, and what their numbers have become; null where they are as they were read.</summary>
    public abstract (ClassLabels Labels, int[]? Numbers) Finish();
}

/// <summary>Labels that are text; the classes are the texts that are found, in ordinal order.</summary>
internal sealed class TextLabelReader(DataViewSchema.Column label, DataViewSchema.Column? candidates) : LabelReader
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public override IReadOnlyList<DataViewSchema.Column> Sources => candidates is { } column ? [label, column] : [label];

    public override Func<int[]> Open(DataViewRow row)
    {
        var getLabel = row.GetGetter<ReadOnlyMemory<char>>(label);
        var getCandidates = candidates is { } column ? row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column) : null;
        var buffer = default(VBuffer<ReadOnlyMemory<char>>);
        return () =>
        {
            var text = default(ReadOnlyMemory<char>);
            getLabel(ref text);
            if (!text.IsEmpty)
            {
                return [NumberOf(text)];
            }

            if (getCandidates is null)
            {
                return [];
            }

            getCandidates(ref buffer);
            return [.. buffer.DenseValues().Where(value => !value.IsEmpty).Select(NumberOf).Distinct()];
        };
    }

    public override (ClassLabels Labels, int[]? Numbers) Finish()
    {
        string[] names = [.. _numbers.Keys.Order(StringComparer.Ordinal)];
        var numbers = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            numbers[_numbers[names[i]]] = i;
        }

        return (KeyValueCodec.Parse("Text", names), numbers);
    }

    private int NumberOf(ReadOnlyMemory<char> text)
    {
        var name = text.ToString();
        if (!_numbers.TryGetValue(name, out var number))
        {
            _numbers.Add(name, number = _numbers.Count);
        }

        return number;
    }
}

/// <summary>Labels that are keys, of which the type says how many there are.</summary>
internal sealed class KeyLabelReader(DataViewSchema.Column label, ClassLabels labels, DataViewSchema.Column? candidates) : LabelReader
{
    /// <summary>The classes of the key.</summary>
    public ClassLabels Labels => labels;

    public override IReadOnlyList<DataViewSchema.Column> Sources => candidates is { } column ? [label, column] : [label];

    public override Func<int[]> Open(DataViewRow row)
    {
        var getLabel = row.GetGetter<uint>(label);
        var getCandidates = candidates is { } column ? row.GetGetter<VBuffer<uint>>(column) : null;
        var buffer = default(VBuffer<uint>);
        return () =>
        {
            var key = 0u;
            getLabel(ref key);
            if (IsClass(key))
            {
                return [(int)key - 1];
            }

            if (getCandidates is null)
            {
                return [];
            }

            getCandidates(ref buffer);
            return [.. buffer.DenseValues().Where(IsClass).Select(value => (int)value - 1).Distinct().Order()];
        };
    }

    public override (ClassLabels Labels, int[]? Numbers) Finish() => (labels, null);

    private bool IsClass(uint key) => key > 0 && key <= labels.Count;
}
