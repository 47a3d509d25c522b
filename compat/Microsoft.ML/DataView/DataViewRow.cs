using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>One row, or the current row of a cursor. Not thread-safe.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>Zero-based row number; -1 before the first and after the last row of a cursor.</summary>
    public abstract long Position { get; }

    /// <summary>Number of the batch that the row belongs to, for merging the cursors of a set.</summary>
    public abstract long Batch { get; }

    /// <summary>The columns of the row, active or not.</summary>
    public abstract DataViewSchema Schema { get; }

    /// <summary>A getter of the row's identity, which does not depend on the order of the pass.</summary>
    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    /// <summary>Whether the column was asked for when the row was opened.</summary>
    public abstract bool IsColumnActive(DataViewSchema.Column column);

    /// <summary>A getter of an active column; <typeparamref name="TValue"/> is the raw type of the column's type.</summary>
    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the row holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>A row that can be moved forward over a data view.</summary>
public abstract class DataViewRowCursor : DataViewRow
{
    /// <summary>Moves to the next row; false when there is none.</summary>
    public abstract bool MoveNext();
}
