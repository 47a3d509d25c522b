using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a class and getters that read them from the current object.</summary>
internal sealed class ObjectColumns<TRow>
    where TRow : class
{
    private readonly BoundColumn[] _columns;
    private readonly Delegate[] _readers;

    public ObjectColumns(BoundColumn[] columns)
    {
        _columns = columns;
        _readers = columns.Select(column => column.Member.MakeReader(typeof(TRow))).ToArray();
        Schema = SchemaExtensions.MakeSchema(columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, column.Annotations)));
    }

    public DataViewSchema Schema { get; }

    /// <summary>Getters of the active columns, null for the others.</summary>
    public Delegate[] MakeGetters(Func<int, bool> active, Func<TRow> current)
        => _columns.Select((column, i) => active(i) ? (Delegate)TypeDispatch.Call(this, nameof(MakeGetter), column.Member.Type, _readers[i], column.Type, current) : null).ToArray();

    /// <summary>The getter of an active column; an inactive one is refused.</summary>
    public static ValueGetter<TValue> Pick<TValue>(Delegate[] getters, DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < getters.Length && getters[column.Index] != null, nameof(column), "requested column not active");
        return RowCursorUtils.Cast<TValue>(getters[column.Index]);
    }

    private static Delegate MakeGetter<TMember>(Delegate reader, DataViewType type, Func<TRow> current)
        => MemberReader.Make((Func<TRow, TMember>)reader, type, current);
}

/// <summary>A row over one object at a time.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Delegate[] _getters;
    private TRow _value;
    private long _position = -1;

    public InputRow(ObjectColumns<TRow> columns)
    {
        Schema = columns.Schema;
        _getters = columns.MakeGetters(_ => true, Current);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema { get; }

    /// <summary>Makes an object the current one.</summary>
    public void ExtractValues(TRow row)
    {
        Contracts.CheckValue(row, nameof(row));
        _value = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters[column.Index] != null;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => ObjectColumns<TRow>.Pick<TValue>(_getters, column);

    private TRow Current()
    {
        Contracts.Check(_position >= 0, RowCursorUtils.FetchValueStateError);
        return _value;
    }
}
