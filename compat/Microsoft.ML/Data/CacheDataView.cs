using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Keeps columns in memory from the first pass that needs them. Columns of types that cannot be kept are left out.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IDataView _source;
    private readonly object _lock = new();
    private readonly ColumnStore[] _stores;
    private long? _rowCount;

    public CacheDataView(IHostEnvironment env, IDataView input, int[] prefetch)
    {
        foreach (var column in prefetch.Select(index => input.Schema[index]).Where(column => !ColumnStore.CanStore(column.Type)))
        {
            throw env.Except("Asked to prefetch column '{0}' into cache, but it is of unhandled type '{1}'", column.Name, column.Type);
        }

        _source = ColumnStore.Storable(input);
        _stores = new ColumnStore[Schema.Count];
        _rowCount = _source.GetRowCount();
        if (prefetch.Length > 0)
        {
            Fill(_source.Schema.Where(column => prefetch.Any(index => input.Schema[index].Name == column.Name && !column.IsHidden)).Select(column => column.Index).ToArray());
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RowCursorUtils.ActiveOf(columnsNeeded, Schema);
        Fill(Enumerable.Range(0, active.Length).Where(i => active[i]).ToArray());
        var order = Enumerable.Range(0, (int)_rowCount.Value).ToArray();
        rand?.Shuffle(order);
        return new Cursor(Schema, _stores.Select((store, i) => active[i] ? store : null).ToArray(), order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private void Fill(int[] columns)
    {
        lock (_lock)
        {
            var missing = columns.Where(index => _stores[index] == null).ToArray();
            if (missing.Length == 0 && _rowCount != null)
            {
                return;
            }

            using var cursor = _source.GetRowCursor(missing.Select(index => Schema[index]));
            var stores = missing.Select(index => ColumnStore.Create(Schema[index].Type)).ToArray();
            var store = stores.Select((s, i) => s.Bind(cursor, Schema[missing[i]])).ToArray();
            var row = 0;
            for (; cursor.MoveNext(); row++)
            {
                foreach (var one in store)
                {
                    one(row);
                }
            }

            _rowCount = row;
            for (var i = 0; i < missing.Length; i++)
            {
                _stores[missing[i]] = stores[i];
            }
        }
    }

    private sealed class Cursor : StoredCursor
    {
        private readonly int[] _order;

        public Cursor(DataViewSchema schema, ColumnStore[] stores, int[] order)
            : base(schema, stores)
        {
            _order = order;
        }

        protected override int StoreIndex => Position < 0 ? -1 : _order[Position];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckAtRow();
            value = new DataViewRowId((ulong)StoreIndex, 0);
        };

        protected override bool MoveNextCore() => Position + 1 < _order.Length;
    }
}
