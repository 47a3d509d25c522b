namespace Microsoft.ML.Data;

/// <summary>A data view without some of its columns.</summary>
internal sealed class ColumnSubset : IDataView
{
    private readonly IDataView _source;
    private readonly int[] _kept;

    public ColumnSubset(IDataView source, Func<DataViewSchema.Column, bool> keep)
    {
        _source = source;
        var kept = source.Schema.Where(keep).ToArray();
        _kept = kept.Select(column => column.Index).ToArray();
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(kept);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, _source.GetRowCursor(Inner(columnsNeeded), rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => _source.GetRowCursorSet(Inner(columnsNeeded), n, rand).Select(input => (DataViewRowCursor)new Cursor(this, input)).ToArray();

    private IEnumerable<DataViewSchema.Column> Inner(IEnumerable<DataViewSchema.Column> columns)
        => columns.Select(column => _source.Schema[_kept[column.Index]]).ToArray();

    private sealed class Cursor : WrappingCursor
    {
        private readonly ColumnSubset _parent;

        public Cursor(ColumnSubset parent, DataViewRowCursor input)
            : base(input)
        {
            _parent = parent;
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(Inner(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(Inner(column));

        private DataViewSchema.Column Inner(DataViewSchema.Column column) => Input.Schema[_parent._kept[column.Index]];
    }
}
