namespace Microsoft.ML.Data;

/// <summary>A row over another row, which it owns.</summary>
internal abstract class WrappingRow : DataViewRow
{
    private bool _disposed;

    private protected WrappingRow(DataViewRow input) => Input = input;

    public sealed override long Batch => Input.Batch;

    public sealed override long Position => Input.Position;

    protected DataViewRow Input { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        DisposeCore(disposing);
        if (disposing)
        {
            Input.Dispose();
        }
    }

    protected virtual void DisposeCore(bool disposing)
    {
    }
}

/// <summary>A cursor that moves with another one, which it owns.</summary>
internal abstract class WrappingCursor : DataViewRowCursor
{
    private bool _disposed;

    protected WrappingCursor(DataViewRowCursor input) => Input = input;

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => Input.Schema;

    protected DataViewRowCursor Input { get; }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

    public override bool MoveNext() => Input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (disposing)
        {
            Input.Dispose();
        }

        base.Dispose(disposing);
    }
}
