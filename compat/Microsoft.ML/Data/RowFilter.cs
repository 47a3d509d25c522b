using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps some rows of a data view; which ones is decided row by row.</summary>
internal abstract class RowFilter : IDataView
{
    protected RowFilter(IDataView source) => Source = source;

    public virtual bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => Source.Schema;

    protected IDataView Source { get; }

    /// <summary>The number of rows after which a pass ends without reading on.</summary>
    protected virtual long MaxRows => long.MaxValue;

    public virtual long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowCursorUtils.ActiveOf(columnsNeeded, Schema);
        var needed = active.ToArray();
        AddNeeded(needed);
        var input = Source.GetRowCursor(Schema.Where(column => needed[column.Index]), CanShuffle ? rand : null);
        return new Cursor(input, active, MakeTest(input), MaxRows);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Marks the columns that the test reads.</summary>
    protected virtual void AddNeeded(bool[] active)
    {
    }

    /// <summary>The test of one pass; it is asked once for every row in order.</summary>
    protected abstract Func<bool> MakeTest(DataViewRowCursor input);

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly bool[] _active;
        private readonly Func<bool> _test;
        private readonly long _maxRows;

        public Cursor(DataViewRowCursor input, bool[] active, Func<bool> test, long maxRows)
        {
            _maxRows = maxRows;
            _input = input;
            _active = active;
            _test = test;
        }

        public override long Batch => _input.Batch;

        public override DataViewSchema Schema => _input.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column));
            return _input.GetGetter<TValue>(column);
        }

        protected override bool MoveNextCore()
        {
            while (Position + 1 < _maxRows && _input.MoveNext())
            {
                if (_test())
                {
                    return true;
                }
            }

            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>Skips rows at the start, then takes at most a number of rows.</summary>
internal sealed class SkipTakeFilter : RowFilter
{
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeFilter(IDataView source, long skip, long take)
        : base(source)
    {
        _skip = skip;
        _take = take;
    }

    public override bool CanShuffle => false;

    protected override long MaxRows => _take;

    public override long? GetRowCount()
        => _take == 0 ? 0 : Source.GetRowCount() is long count ? Math.Min(Math.Max(0, count - _skip), _take) : null;

    protected override Func<bool> MakeTest(DataViewRowCursor input)
    {
        long seen = 0;
        return () => seen++ >= _skip;
    }
}

/// <summary>Keeps the rows whose fraction, a number in [0, 1) that <see cref="RowFraction"/> gives, is in a range, or those where it is not.</summary>
internal sealed class FractionFilter : RowFilter
{
    private readonly RowFraction _fraction;
    private readonly double _min;
    private readonly double _max;
    private readonly bool _complement;

    public FractionFilter(IDataView source, RowFraction fraction, double min, double max, bool complement)
        : base(source)
    {
        _fraction = fraction;
        _min = min;
        _max = max;
        _complement = complement;
    }

    protected override void AddNeeded(bool[] active) => _fraction.AddNeeded(active);

    protected override Func<bool> MakeTest(DataViewRowCursor input)
    {
        var getter = _fraction.MakeGetter(input);
        return () =>
        {
            var fraction = getter();
            return (fraction >= _min && fraction < _max) != _complement;
        };
    }
}
