using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Data views and rows over objects.</summary>
internal static class DataViewConstructionUtils
{
    public static IDataView CreateFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition)
        where TRow : class
        => new EnumerableDataView<TRow>(data, Columns<TRow>(schemaDefinition));

    public static InputRow<TRow> CreateInputRow<TRow>(IHostEnvironment env, SchemaDefinition schemaDefinition = null)
        where TRow : class
        => new(Columns<TRow>(schemaDefinition));

    /// <summary>The definition of a class with types and annotations taken from a schema.</summary>
    public static SchemaDefinition GetSchemaDefinition<TRow>(IHostEnvironment env, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var own = definition[column.Name] ?? throw env.Except($"Type should contain a member named {column.Name}");
            own.ColumnType = column.Type;
            own.AddAnnotations(column.Annotations);
        }

        return definition;
    }

    private static ObjectColumns<TRow> Columns<TRow>(SchemaDefinition schemaDefinition)
        where TRow : class
        => new(BoundColumn.Bind(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));
}
