using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns the different values of a column and turns them into keys; see <see cref="ConversionsExtensionsCatalog"/>.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly ColumnOptions _column;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, ColumnOptions column, IDataView keyData = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        if (keyData != null && keyData.Schema.Count != 1)
        {
            throw _host.ExceptParam(nameof(keyData), $"The key data must have a single column, the values; it has {keyData.Schema.Count}.");
        }

        _column = column;
        _keyData = keyData;
    }

    /// <summary>The order in which values get their keys.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>In the order of the data.</summary>
        ByOccurrence = 0,

        /// <summary>Sorted; text by its UTF-16 code units.</summary>
        ByValue = 1,
    }

    /// <inheritdoc/>
    public ValueToKeyMappingTransformer Fit(IDataView input) => new(_host, input, _column, _keyData);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_column.InputColumnName, out var input)
            || input.ItemType is not (NumberDataViewType or TextDataViewType or BooleanDataViewType))
        {
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", _column.InputColumnName);
        }

        if (!input.IsKey || !input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values) || values.Kind != SchemaShape.Column.VectorKind.Vector)
        {
            var itemType = _column.AddKeyValueAnnotationsAsText ? TextDataViewType.Instance : input.ItemType;
            values = new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, itemType, input.IsKey);
        }

        var result = inputSchema.ToDictionary(x => x.Name);
        result[_column.OutputColumnName] = new SchemaShape.Column(
            _column.OutputColumnName, input.Kind, NumberDataViewType.UInt32, true, new SchemaShape([values]));
        return new SchemaShape(result.Values);
    }

    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }

    internal sealed class ColumnOptions
    {
        public readonly string OutputColumnName;
        public readonly string InputColumnName;
        public readonly KeyOrdinality KeyOrdinality;
        public readonly int MaximumNumberOfKeys;
        public readonly bool AddKeyValueAnnotationsAsText;

        public ColumnOptions(
            string outputColumnName,
            string inputColumnName = null,
            int maximumNumberOfKeys = Defaults.MaximumNumberOfKeys,
            KeyOrdinality keyOrdinality = Defaults.Ordinality,
            bool addKeyValueAnnotationsAsText = false)
        {
            Contracts.CheckNonWhiteSpace(outputColumnName, nameof(outputColumnName));
            OutputColumnName = outputColumnName;
            InputColumnName = inputColumnName ?? outputColumnName;
            KeyOrdinality = keyOrdinality;
            MaximumNumberOfKeys = maximumNumberOfKeys;
            AddKeyValueAnnotationsAsText = addKeyValueAnnotationsAsText;
        }
    }
}
