using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects from rows.</summary>
internal interface IRowReadableAs<TRow> : IDisposable
    where TRow : class
{
    void FillValues(TRow row);
}

/// <summary>Knows how the columns of a data view fill the members of a class.</summary>
internal sealed class TypedCursorable<TRow>
    where TRow : class
{
    private readonly IDataView _data;
    private readonly (BoundColumn Bound, DataViewSchema.Column Column)[] _columns;

    private TypedCursorable(IDataView data, (BoundColumn Bound, DataViewSchema.Column Column)[] columns)
    {
        _data = data;
        _columns = columns;
    }

    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _columns.Select(pair => pair.Column);

    public static TypedCursorable<TRow> Create(IHostEnvironment env, IDataView data, bool ignoreMissingColumns, SchemaDefinition schemaDefinition)
    {
        var columns = new List<(BoundColumn, DataViewSchema.Column)>();
        foreach (var bound in BoundColumn.Bind(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Write))
        {
            if (data.Schema.GetColumnOrNull(bound.Name) is not DataViewSchema.Column column)
            {
                if (ignoreMissingColumns)
                {
                    continue;
                }

                throw env.ExceptSchemaMismatch("Schema", "", bound.Name);
            }

            var isVector = column.Type is VectorDataViewType;
            if (isVector != bound.Member.IsVector || column.Type.GetItemType().RawType != bound.Member.ItemType)
            {
                throw env.Except($"Can't bind the IDataView column '{bound.Name}' of type '{column.Type}' to field or property '{bound.Member.Name}' of type '{bound.Member.Type.FullName}'.");
            }

            columns.Add((bound, column));
        }

        return new TypedCursorable<TRow>(data, columns.ToArray());
    }

    /// <summary>Fills objects from a row of the same schema; owns the row.</summary>
    public IRowReadableAs<TRow> GetRow(DataViewRow input)
        => new Filler(input, _columns.Select(pair => MemberWriter.Make<TRow>(pair.Bound.Member, input, pair.Column)).ToArray());

    /// <summary>Fills one object after another from the data.</summary>
    public IEnumerable<TRow> Enumerate(Func<TRow> create, bool reuseRowObject)
    {
        using var cursor = _data.GetRowCursor(Columns);
        using var filler = GetRow(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            row = reuseRowObject && row != null ? row : create();
            filler.FillValues(row);
            yield return row;
        }
    }

    private sealed class Filler : IRowReadableAs<TRow>
    {
        private readonly DataViewRow _input;
        private readonly Action<TRow>[] _setters;

        public Filler(DataViewRow input, Action<TRow>[] setters)
        {
            _input = input;
            _setters = setters;
        }

        public void FillValues(TRow row)
        {
            foreach (var setter in _setters)
            {
                setter(row);
            }
        }

        public void Dispose() => _input.Dispose();
    }
}
