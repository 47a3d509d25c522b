using Microsoft.ML.Data;

namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>
/// Reads a batch of rows ahead, scores their features in one call and then replays the rows one by one. The input cursor
/// is ahead of the row that is shown, so every value that is passed through is kept, and so are row ids and batch numbers.
/// </summary>
internal sealed class ScoringCursor : DataViewRowCursor
{
    private readonly ScoredSchema _schema;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly ColumnSnapshot?[] _snapshots;
    private readonly ScoreBlock _block;
    private readonly FeatureReader _reader;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly BadRowCounter _badRows;
    private long _position = -1;
    private int _filled;
    private int _slot = -1;

    public ScoringCursor(ScoredSchema schema, DataViewRowCursor input, bool[] active)
    {
        var capacity = schema.Model.Scorer.BatchSize;
        _schema = schema;
        _input = input;
        _active = active;
        _snapshots = [.. schema.Input.Select(column => active[column.Index] ? ColumnSnapshot.Create(input, column, capacity) : null)];
        _block = new ScoreBlock(schema.Model, capacity);
        _reader = schema.Features.CreateReader(input);
        _idGetter = input.GetIdGetter();
        _ids = new DataViewRowId[capacity];
        _batches = new long[capacity];
        _badRows = new BadRowCounter(schema.Model.Environment, schema.Features);
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _position;

    public override long Batch => _slot < 0 ? 0 : _batches[_slot];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_slot + 1 >= _filled && !ReadAhead())
        {
            _position = -1;
            _badRows.Dispose();
            return false;
        }

        _slot++;
        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Slot()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw ScoringRow.Inactive(column);
        }

        var getter = column.Index < _schema.ScoreIndex ? _snapshots[column.Index]!.CreateGetter(Slot) : ScoringRow.CreateGetter(_schema, column.Index, _block, Slot);
        return getter as ValueGetter<TValue> ?? throw ScoringRow.WrongType<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _badRows.Dispose();
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool ReadAhead()
    {
        _block.Clear();
        _slot = -1;
        for (_filled = 0; _filled < _ids.Length && _input.MoveNext(); _filled++)
        {
            foreach (var snapshot in _snapshots)
            {
                snapshot?.Take(_filled);
            }

            _idGetter(ref _ids[_filled]);
            _batches[_filled] = _input.Batch;
            if (_block.Read(_filled, _reader) is { } reason)
            {
                _badRows.Add(reason, _input.Position);
            }
        }

        if (_filled == 0)
        {
            return false;
        }

        _block.Score();
        return true;
    }

    private int Slot() => _slot >= 0 ? _slot : throw new InvalidOperationException("The cursor does not stand on a row.");
}
