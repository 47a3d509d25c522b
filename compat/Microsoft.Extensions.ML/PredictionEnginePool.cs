using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>Lends prediction engines, which one thread at a time may use, to the threads of a server.</summary>
public class PredictionEnginePool<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    private readonly WatchedModel _model;
    private volatile ObjectPool<PredictionEngine<TData, TPrediction>> _engines;

    internal PredictionEnginePool(PredictionEnginePoolOptions<TData, TPrediction> options, ILoggerFactory loggers)
    {
        if (options.FilePath is not null)
        {
            _model = new WatchedModel(options.FilePath, loggers.CreateLogger("Microsoft.Extensions.ML.FileModelLoader"));
            Renew();
            if (options.WatchForChanges)
            {
                _model.Watch(Renew);
            }
        }
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

    private void Renew() => _engines = new DefaultObjectPool<PredictionEngine<TData, TPrediction>>(
        new PredictionEnginePoolPolicy<TData, TPrediction>(_model.Context, _model.Load()));
}
