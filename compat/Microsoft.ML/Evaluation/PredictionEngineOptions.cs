using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a <see cref="PredictionEngine{TSrc, TDst}"/> is made.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether the prediction class may lack columns of the output. The default value is true.</summary>
    public bool IgnoreMissingColumns = true;

    /// <summary>Settings of the input columns beyond the class's attributes. The default value is null.</summary>
    public SchemaDefinition InputSchemaDefinition;

    /// <summary>Settings of the output columns beyond the class's attributes. The default value is null.</summary>
    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Whether the model is disposed with the engine. The default value is true.</summary>
    public bool OwnsTransformer = true;
}
