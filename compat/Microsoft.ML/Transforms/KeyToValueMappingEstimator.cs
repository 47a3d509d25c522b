using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Turns keys into values; see <see cref="ConversionsExtensionsCatalog"/>.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName = null)
        : base(
            Contracts.CheckRef(env, nameof(env)).Register(nameof(KeyToValueMappingEstimator)),
            new KeyToValueMappingTransformer(env, (outputColumnName, inputColumnName ?? outputColumnName)))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column))
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            }

            if (!column.IsKey)
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input, "KeyType", column.GetTypeString());
            }

            if (!column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values))
            {
                throw Host.ExceptParam(nameof(inputSchema), $"Input column '{input}' has no KeyValues annotation.");
            }

            result[output] = new SchemaShape.Column(output, column.Kind, values.ItemType, values.IsKey);
        }

        return new SchemaShape(result.Values);
    }
}
