using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A data view with the columns that a row mapper adds.</summary>
internal sealed class RowToRowMapperTransform : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView input, IRowMapper mapper)
    {
        _host = env.Register("RowToRowMapperTransform");
        _source = input;
        _mapper = mapper;
        _bindings = new ColumnBindings(input.Schema, mapper.GetOutputColumns());
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => _source.Schema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowCursorUtils.ActiveOf(columnsNeeded, Schema);
        return new Cursor(_source.GetRowCursor(InputsOf(active), rand), this, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = RowCursorUtils.ActiveOf(columnsNeeded, Schema);
        return _source.GetRowCursorSet(InputsOf(active), n, rand).Select(input => (DataViewRowCursor)new Cursor(input, this, active)).ToArray();
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => InputsOf(RowCursorUtils.ActiveOf(dependingColumns, Schema));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(activeColumns, nameof(activeColumns));
        _host.Check(input.Schema == _source.Schema, "Schema of input row must be the same as the schema the mapper is bound to");
        var active = RowCursorUtils.ActiveOf(activeColumns, Schema);
        return new Row(input, this, _mapper.CreateGetters(input, AddedActive(active), out var disposer), disposer);
    }

    private IEnumerable<DataViewSchema.Column> InputsOf(bool[] active)
    {
        var needed = _mapper.GetDependencies(AddedActive(active));
        var passed = new bool[_source.Schema.Count];
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i] && _bindings.IsFromInput(i, out var index))
            {
                passed[index] = true;
            }
        }

        return _source.Schema.Where(column => passed[column.Index] || needed(column.Index)).ToArray();
    }

    private Func<int, bool> AddedActive(bool[] active) => added => active[_bindings.AddedColumnIndices[added]];

    private sealed class Cursor : WrappingCursor
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private Action _disposer;

        public Cursor(DataViewRowCursor input, RowToRowMapperTransform parent, bool[] active)
            : base(input)
        {
            _parent = parent;
            _active = active;
            _getters = parent._mapper.CreateGetters(input, parent.AddedActive(active), out _disposer);
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            Contracts.Check(column.Index < _active.Length);
            return _active[column.Index];
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            return _parent._bindings.IsFromInput(column.Index, out var index)
                ? Input.GetGetter<TValue>(Input.Schema[index])
                : RowCursorUtils.Cast<TValue>(_getters[index]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _disposer?.Invoke();
                _disposer = null;
            }

            base.Dispose(disposing);
        }
    }

    private sealed class Row : WrappingRow
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Row(DataViewRow input, RowToRowMapperTransform parent, Delegate[] getters, Action disposer)
            : base(input)
        {
            _parent = parent;
            _getters = getters;
            _disposer = disposer;
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
            => _parent._bindings.IsFromInput(column.Index, out var index) ? Input.IsColumnActive(Input.Schema[index]) : _getters[index] != null;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (_parent._bindings.IsFromInput(column.Index, out var index))
            {
                return Input.GetGetter<TValue>(Input.Schema[index]);
            }

            Contracts.Check(_getters[index] != null);
            return RowCursorUtils.Cast<TValue>(_getters[index]);
        }

        protected override void DisposeCore(bool disposing)
        {
            if (disposing)
            {
                _disposer?.Invoke();
            }
        }
    }
}
