namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>Scores rows while they are read, a batch at a time. Nothing is computed before a cursor asks for a score.</summary>
internal sealed class ScoredDataView : IDataView
{
    private readonly ScoredSchema _schema;
    private readonly IDataView _input;

    public ScoredDataView(ScoringModel model, IDataView input)
    {
        _schema = new ScoredSchema(model, input.Schema);
        _input = input;
    }

    public DataViewSchema Schema => _schema.Output;

    public bool CanShuffle => _input.CanShuffle;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = _schema.Active(columnsNeeded);
        return Wrap(_input.GetRowCursor(_schema.Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = _schema.Active(columnsNeeded);
        return Array.ConvertAll(_input.GetRowCursorSet(_schema.Dependencies(active), n, rand), cursor => Wrap(cursor, active));
    }

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active) => _schema.NeedsScores(active)
        ? new ScoringCursor(_schema, input, active)
        : new PassThroughCursor(_schema, input, active);
}
