using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>How a pool makes an engine when it has none left.</summary>
internal sealed class PredictionEnginePoolPolicy<TData, TPrediction>(MLContext context, ITransformer model) : PooledObjectPolicy<PredictionEngine<TData, TPrediction>>
    where TData : class
    where TPrediction : class, new()
{
    /// <inheritdoc/>
    public override PredictionEngine<TData, TPrediction> Create() => context.Model.CreatePredictionEngine<TData, TPrediction>(model);

    /// <inheritdoc/>
    public override bool Return(PredictionEngine<TData, TPrediction> obj) => true;
}
