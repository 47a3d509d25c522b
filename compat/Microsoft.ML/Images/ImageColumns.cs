using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Checks that the image estimators share.</summary>
internal static class ImageColumns
{
    /// <summary>Throws unless the schema has a scalar column of images of that name.</summary>
    internal static void CheckInput(IExceptionContext context, SchemaShape inputSchema, string name)
    {
        if (!inputSchema.TryFindColumn(name, out var column))
        {
            throw context.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        }

        if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw context.ExceptSchemaMismatch(nameof(inputSchema), "input", name, new ImageDataViewType().ToString(), column.GetTypeString());
        }
    }
}
