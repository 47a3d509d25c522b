using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Explanation;

/// <summary>
/// Scored rows with the contributions of places, [G, G]. They are computed where they are asked for, one row at a time; NaN where a row has no image or no class.
/// </summary>
internal sealed class ExplainedDataView : IDataView
{
    private readonly ScoredDataView _scored;
    private readonly IRowExplainer _explainer;
    private readonly IFeatureColumn _features;
    private readonly int? _class;

    /// <param name="model">The classifier.</param>
    /// <param name="explainer">Its scorer.</param>
    /// <param name="input">The data to be scored.</param>
    /// <param name="className">The class; null is the predicted one.</param>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public ExplainedDataView(ScoringModel model, IRowExplainer explainer, IDataView input, string? className)
    {
        _class = className is null ? null : IndexOf(model.Labels, className);
        _scored = new ScoredDataView(model, input);
        _explainer = explainer;
        _features = model.Bind(input.Schema);
        PredictedLabel = _scored.Schema[model.Columns.PredictedLabel];
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(_scored.Schema);
        schema.AddColumn(ModelExplanation.ColumnName, new VectorDataViewType(NumberDataViewType.Single, explainer.GridSide, explainer.GridSide));
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _scored.CanShuffle;

    private DataViewSchema.Column PredictedLabel { get; }

    private int ContributionIndex => Schema.Count - 1;

    public long? GetRowCount() => _scored.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Active(columnsNeeded);
        return new Cursor(this, _scored.GetRowCursor(Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Active(columnsNeeded);
        return Array.ConvertAll(_scored.GetRowCursorSet(Dependencies(active), n, rand), cursor => new Cursor(this, cursor, active));
    }

    private static int IndexOf(ClassLabels labels, string name)
    {
        const int MostNamed = 10;
        for (var index = 0; index < labels.Count; index++)
        {
            if (labels.NameOf(index) == name)
            {
                return index;
            }
        }

        var known = string.Join(", ", Enumerable.Range(0, Math.Min(labels.Count, MostNamed)).Select(index => $"'{labels.NameOf(index)}'"));
        throw new ArgumentException($"The model has no class '{name}'; it has {known}{(labels.Count > MostNamed ? $" and {labels.Count - MostNamed} more" : "")}.", "className");
    }

    private bool[] Active(IEnumerable<DataViewSchema.Column> columns) => ScoredSchema.Active(Schema, columns, "explained");

    private IEnumerable<DataViewSchema.Column> Dependencies(bool[] active) => _scored.Schema.Where(column => active[column.Index]
        || (active[ContributionIndex] && ((_class is null && column.Index == PredictedLabel.Index) || _features.Sources.Any(source => source.Index == column.Index))));

    private ValueGetter<VBuffer<float>> ContributionGetter(DataViewRow row)
    {
        var reader = _features.CreateReader(row);
        var predicted = _class is null ? row.GetGetter<uint>(PredictedLabel) : null;
        var (features, side) = (new byte[_explainer.RowBytes], _explainer.GridSide);
        return (ref VBuffer<float> value) =>
        {
            uint key = 0;
            predicted?.Invoke(ref key);
            var index = _class ?? (int)key - 1;
            var editor = VBufferEditor.Create(ref value, side * side);
            if (index >= 0 && reader(features) is null)
            {
                _explainer.Explain(features, index, editor.Values);
            }
            else
            {
                editor.Values.Fill(float.NaN);
            }

            value = editor.Commit();
        };
    }

    private sealed class Cursor(ExplainedDataView view, DataViewRowCursor scored, bool[] active) : WrappedCursor(view.Schema, scored, active)
    {
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
            {
                throw ScoringRow.Inactive(column);
            }

            return column.Index < view.ContributionIndex ? Input.GetGetter<TValue>(view._scored.Schema[column.Index])
                : view.ContributionGetter(Input) as ValueGetter<TValue> ?? throw ScoringRow.WrongType<TValue>(column);
        }
    }
}
