using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes one vector of several columns; see <see cref="TransformExtensionsCatalog"/>.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    /// <inheritdoc/>
    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, _name, _sources);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var columns = Array.ConvertAll(_sources, source => Find(inputSchema, source));
        var annotations = new List<SchemaShape.Column>();
        if (Array.TrueForAll(columns, IsNormalized))
        {
            annotations.Add(new(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
        }

        if (Array.Exists(columns, column => column.Kind == SchemaShape.Column.VectorKind.Scalar || HasSlotNames(column)))
        {
            annotations.Add(new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        }

        var kind = Array.Exists(columns, column => column.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Vector;
        var result = inputSchema.ToDictionary(x => x.Name);
        result[_name] = new SchemaShape.Column(_name, kind, columns[0].ItemType, false, new SchemaShape(annotations));
        return new SchemaShape(result.Values);
    }

    private static bool IsNormalized(SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(AnnotationUtils.Kinds.IsNormalized, out var annotation) && annotation.ItemType is BooleanDataViewType;

    private static bool HasSlotNames(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Vector
        && column.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var annotation)
        && annotation is { Kind: SchemaShape.Column.VectorKind.Vector, ItemType: TextDataViewType };

    private SchemaShape.Column Find(SchemaShape inputSchema, string name)
    {
        if (!inputSchema.TryFindColumn(name, out var column))
        {
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        }

        if (column.IsKey)
        {
            throw _host.Except($"Column '{name}' is a key; keys cannot be concatenated.");
        }

        if (inputSchema.TryFindColumn(_sources[0], out var first) && !column.ItemType.Equals(first.ItemType))
        {
            throw _host.Except($"Columns of one type can be concatenated; '{_sources[0]}' has {first.ItemType}, '{name}' has {column.ItemType}.");
        }

        return column;
    }
}
