using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelOperationsCatalog
{
    /// <summary>Makes an engine that runs the model on one row at a time. It owns the model.</summary>
    /// <param name="transformer">The model.</param>
    /// <param name="ignoreMissingColumns">Whether the prediction class may name columns that the output lacks.</param>
    /// <param name="inputSchemaDefinition">Settings of the input columns beyond the class's attributes.</param>
    /// <param name="outputSchemaDefinition">Settings of the output columns beyond the class's attributes.</param>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new PredictionEngine<TSrc, TDst>(_env, transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);
    }

    /// <summary>Makes an engine for rows whose column types and annotations are those of a schema; the prediction class must not name missing columns.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new PredictionEngine<TSrc, TDst>(_env, transformer, false, DataViewConstructionUtils.GetSchemaDefinition<TSrc>(_env, inputSchema));
    }

    /// <summary>Makes an engine that runs the model on one row at a time.</summary>
    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class
        where TDst : class, new()
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new PredictionEngine<TSrc, TDst>(
            _env, transformer, options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition, options.OwnsTransformer);
    }
}
