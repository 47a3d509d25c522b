namespace Microsoft.ML.Data;

/// <summary>
/// Shuffles rows through a pool: each row that leaves is drawn from the pool at random and its place taken by the next row of the
/// source. Columns of types that cannot be kept in the pool are left out.
/// </summary>
internal sealed class ShuffleDataView : IDataView
{
    private readonly IDataView _source;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public ShuffleDataView(IDataView source, int poolSize, bool shuffleSource, int seed)
    {
        _source = ColumnStore.Storable(source);
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
        _seed = seed;
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= new Random(_seed);
        var active = RowCursorUtils.ActiveOf(columnsNeeded, Schema);
        var input = _source.GetRowCursor(Schema.Where(column => active[column.Index]), _shuffleSource ? new Random(rand.Next()) : null);
        if (_poolSize == 1)
        {
            return input;
        }

        var stores = Schema.Select(column => active[column.Index] ? ColumnStore.Create(column.Type) : null).ToArray();
        return new Cursor(input, stores, _poolSize, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : StoredCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Action<int>[] _store;
        private readonly ValueGetter<DataViewRowId> _inputId;
        private readonly int _poolSize;
        private readonly Random _random;
        private readonly List<DataViewRowId> _ids = new();
        private readonly List<int> _waiting = new();
        private int _current = -1;

        public Cursor(DataViewRowCursor input, ColumnStore[] stores, int poolSize, Random random)
            : base(input.Schema, stores)
        {
            _input = input;
            _store = stores.Select((store, i) => store?.Bind(input, input.Schema[i])).Where(store => store != null).ToArray();
            _inputId = input.GetIdGetter();
            _poolSize = poolSize;
            _random = random;
        }

        protected override int StoreIndex => Position < 0 ? -1 : _current;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
        {
            CheckAtRow();
            value = _ids[_current];
        };

        protected override bool MoveNextCore()
        {
            if (_current >= 0)
            {
                Take(_current);
            }
            else
            {
                while (_ids.Count < _poolSize && Take(_ids.Count))
                {
                }
            }

            if (_waiting.Count == 0)
            {
                return false;
            }

            var drawn = _random.Next(_waiting.Count);
            _current = _waiting[drawn];
            _waiting[drawn] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _input.Dispose();
            }

            base.Dispose(disposing);
        }

        private bool Take(int place)
        {
            if (!_input.MoveNext())
            {
                return false;
            }

            foreach (var store in _store)
            {
                store(place);
            }

            DataViewRowId id = default;
            _inputId(ref id);
            if (place == _ids.Count)
            {
                _ids.Add(id);
            }
            else
            {
                _ids[place] = id;
            }

            _waiting.Add(place);
            return true;
        }
    }
}
