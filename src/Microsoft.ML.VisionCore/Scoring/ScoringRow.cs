using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>One row with its scores, computed when one of them is first asked for at a position and kept until the row moves on.</summary>
internal sealed class ScoringRow : DataViewRow
{
    private readonly ScoredSchema _schema;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly BadRowCounter _badRows;
    private readonly ScoreBlock? _block;
    private readonly FeatureReader? _reader;
    private long _scoredPosition = -1;

    public ScoringRow(ScoredSchema schema, DataViewRow input, bool[] active)
    {
        _schema = schema;
        _input = input;
        _active = active;
        _badRows = new BadRowCounter(schema.Model.Environment, schema.Features);
        if (schema.NeedsScores(active))
        {
            _block = new ScoreBlock(schema.Model, 1);
            _reader = schema.Features.CreateReader(input);
        }
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw Inactive(column);
        }

        if (column.Index < _schema.ScoreIndex)
        {
            return _input.GetGetter<TValue>(_schema.Input[column.Index]);
        }

        return CreateGetter(_schema, column.Index, _block!, Slot) as ValueGetter<TValue> ?? throw WrongType<TValue>(column);
    }

    /// <summary>The getter of a column that the model computes.</summary>
    internal static Delegate CreateGetter(ScoredSchema schema, int column, ScoreBlock block, Func<int> slot) =>
        column == schema.ScoreIndex ? ScoreGetter(block, slot)
        : column == schema.PredictedIndex ? (ValueGetter<uint>)((ref uint value) => value = block.Predicted(slot()))
        : (ValueGetter<float>)((ref float value) => value = block.Known(slot()));

    private static Delegate ScoreGetter(ScoreBlock block, Func<int> slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
    {
        var scores = block.Scores(slot());
        var editor = VBufferEditor.Create(ref value, scores.Length);
        scores.CopyTo(editor.Values);
        value = editor.Commit();
    });

    internal static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' was not asked for when this row was opened, so it has no values.");

    internal static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is of type {column.Type}; values of type {typeof(TValue)} were asked for.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Slot()
    {
        var position = _input.Position;
        if (position < 0 || position != _scoredPosition)
        {
            _block!.Clear();
            if (_block.Read(0, _reader!) is { } reason)
            {
                // A prediction engine lives as long as its program: its one warning comes with the first bad row.
                _badRows.Add(reason, position);
                _badRows.Dispose();
            }

            _block.Score();
            _scoredPosition = position;
        }

        return 0;
    }
}
