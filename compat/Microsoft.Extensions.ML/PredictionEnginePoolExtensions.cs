namespace Microsoft.Extensions.ML;

/// <summary>Predictions of a pool.</summary>
public static class PredictionEnginePoolExtensions
{
    /// <summary>Borrows an engine for one prediction.</summary>
    /// <param name="predictionEnginePool">The pool.</param>
    /// <param name="example">The row to predict for.</param>
    /// <returns>A new object.</returns>
    public static TPrediction Predict<TData, TPrediction>(this PredictionEnginePool<TData, TPrediction> predictionEnginePool, TData example)
        where TData : class
        where TPrediction : class, new()
    {
        var engine = predictionEnginePool.GetPredictionEngine();
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            predictionEnginePool.ReturnPredictionEngine(engine);
        }
    }
}
