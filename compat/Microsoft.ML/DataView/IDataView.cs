namespace Microsoft.ML;

/// <summary>A lazily computed table: a schema and any number of passes over its rows.</summary>
public interface IDataView
{
    /// <summary>Whether a cursor opened with a random source returns rows in shuffled order.</summary>
    bool CanShuffle { get; }

    /// <summary>The columns.</summary>
    DataViewSchema Schema { get; }

    /// <summary>The number of rows where it is known without a pass, else null.</summary>
    long? GetRowCount();

    /// <summary>Opens a pass over the rows in which only the named columns are computed.</summary>
    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    /// <summary>Opens cursors that together return every row once; there may be fewer than <paramref name="n"/>.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}

/// <summary>Writes the value of the current row, reusing the buffers that <paramref name="value"/> holds.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
