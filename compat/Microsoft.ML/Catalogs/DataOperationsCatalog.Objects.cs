using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>A data view over objects, enumerated anew in every pass.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return DataViewConstructionUtils.CreateFromEnumerable(data, schemaDefinition);
    }

    /// <summary>A data view over objects, with types and annotations taken from a schema.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return DataViewConstructionUtils.CreateFromEnumerable(data, DataViewConstructionUtils.GetSchemaDefinition<TRow>(_env, schema));
    }

    /// <summary>The rows as objects, one new object each or one for all.</summary>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        return TypedCursorable<TRow>.Create(_env, data, ignoreMissingColumns, schemaDefinition).Enumerate(() => new TRow(), reuseRowObject);
    }
}
