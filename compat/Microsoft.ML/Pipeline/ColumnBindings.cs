namespace Microsoft.ML.Data;

/// <summary>
/// The schema of an input with added columns, and where each of its columns comes from. A column that hides one of the same name
/// stands directly behind it, others at the end.
/// </summary>
internal sealed class ColumnBindings
{
    // Index of an input column, or the complement of the index of an added one.
    private readonly int[] _sources;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] addedColumns)
    {
        InputSchema = input;
        var sources = Enumerable.Range(0, input.Count).ToList();
        string NameOf(int source) => source >= 0 ? input[source].Name : addedColumns[~source].Name;
        for (var i = 0; i < addedColumns.Length; i++)
        {
            var name = addedColumns[i].Name;
            var hidden = sources.FindLastIndex(source => NameOf(source) == name);
            sources.Insert(hidden < 0 ? sources.Count : hidden + 1, ~i);
        }

        _sources = sources.ToArray();
        Schema = SchemaExtensions.MakeSchema(_sources.Select(source => source >= 0 ? new DataViewSchema.DetachedColumn(input[source]) : addedColumns[~source]));
        AddedColumnIndices = Enumerable.Range(0, addedColumns.Length).Select(i => Array.IndexOf(_sources, ~i)).ToArray();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    /// <summary>Where the added columns stand in <see cref="Schema"/>.</summary>
    public IReadOnlyList<int> AddedColumnIndices { get; }

    /// <summary>Whether a column comes from the input; gives its index there, or among the added ones.</summary>
    public bool IsFromInput(int column, out int index)
    {
        var source = _sources[column];
        index = source >= 0 ? source : ~source;
        return source >= 0;
    }
}
