using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>Lends prediction engines, which one thread at a time may use, to the threads of a server.</summary>
public class PredictionEnginePool<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly DefaultObjectPool<PredictionEngine<TData, TPrediction>> _engines;

    internal PredictionEnginePool(PredictionEnginePoolOptions<TData, TPrediction> options)
    {
        if (options.FilePath is null)
        {
            return;
        }

        if (!File.Exists(options.FilePath))
        {
            throw new ArgumentException($"The provided model file {options.FilePath} doesn't exist.");
        }

        var context = new MLContext();
        var policy = new PredictionEnginePoolPolicy<TData, TPrediction>(context, context.Model.Load(options.FilePath, out _));
        _engines = new DefaultObjectPool<PredictionEngine<TData, TPrediction>>(policy);
    }

    /// <summary>Borrows an engine; it must be handed back.</summary>
    /// <exception cref="ArgumentException">No model was configured.</exception>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine() =>
        (_engines ?? throw new ArgumentException("You need to configure a default, not named, model before you use this method.")).Get();

    /// <summary>Hands an engine back.</summary>
    /// <param name="engine">What <see cref="GetPredictionEngine"/> gave.</param>
    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engines.Return(engine);
    }
}
