namespace Microsoft.Extensions.ML;

/// <summary>What the builder was told.</summary>
internal sealed class PredictionEnginePoolOptions<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    /// <summary>Path of the model's file; null where none was named.</summary>
    public string FilePath { get; set; }
}
