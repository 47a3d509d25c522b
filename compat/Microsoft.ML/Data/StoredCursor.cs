using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor whose values come from column stores.</summary>
internal abstract class StoredCursor : RootCursor
{
    private readonly Delegate[] _getters;

    protected StoredCursor(DataViewSchema schema, ColumnStore[] stores)
    {
        Schema = schema;
        _getters = stores.Select(store => store?.MakeGetter(() => StoreIndex)).ToArray();
    }

    public override DataViewSchema Schema { get; }

    /// <summary>Where the values of the current row are; negative if there is none.</summary>
    protected abstract int StoreIndex { get; }

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < _getters.Length, nameof(column));
        return _getters[column.Index] != null;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return RowCursorUtils.Cast<TValue>(_getters[column.Index]);
    }
}
