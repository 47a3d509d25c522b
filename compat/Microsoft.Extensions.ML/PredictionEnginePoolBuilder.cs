using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.ML;

/// <summary>Says where the model of a pool comes from.</summary>
public class PredictionEnginePoolBuilder<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    /// <summary>Made by <see cref="ServiceCollectionExtensions"/>.</summary>
    /// <param name="services">The services that the pool is one of.</param>
    public PredictionEnginePoolBuilder(IServiceCollection services) => Services = services ?? throw new ArgumentException(nameof(services));

    /// <summary>The services that the pool is one of.</summary>
    public IServiceCollection Services { get; private set; }
}
