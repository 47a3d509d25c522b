using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Loads image files; see <see cref="ImageEstimatorsCatalog"/>.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    private readonly bool _decode;

    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, bool decode, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageLoadingEstimator)), new ImageLoadingTransformer(env, imageFolder, decode, columns))
    {
        _decode = decode;
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

            if (column.ItemType is not TextDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            {
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", input, TextDataViewType.Instance.ToString(), column.GetTypeString());
            }

            result[output] = _decode
                ? new SchemaShape.Column(output, SchemaShape.Column.VectorKind.Scalar, new ImageDataViewType(), false)
                : new SchemaShape.Column(output, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false);
        }

        return new SchemaShape(result.Values);
    }
}
