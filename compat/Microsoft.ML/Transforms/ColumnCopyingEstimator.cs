using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns; see <see cref="TransformExtensionsCatalog"/>.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment env, string outputColumnName, string inputColumnName)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ColumnCopyingEstimator)), new ColumnCopyingTransformer(env, (outputColumnName, inputColumnName)))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(x => x.Name);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var source))
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            }

            result[output] = new SchemaShape.Column(output, source.Kind, source.ItemType, source.IsKey, source.Annotations);
        }

        return new SchemaShape(result.Values);
    }
}
