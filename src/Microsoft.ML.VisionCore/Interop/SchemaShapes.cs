namespace Microsoft.ML.VisionCore.Interop;

/// <summary>Schemas as estimators see them.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema, with the annotations of its columns.</summary>
    public static SchemaShape Of(DataViewSchema schema) => SchemaShape.Create(schema);
}
