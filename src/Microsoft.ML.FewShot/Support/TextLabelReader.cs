using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

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
