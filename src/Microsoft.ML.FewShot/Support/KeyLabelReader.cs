using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

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
