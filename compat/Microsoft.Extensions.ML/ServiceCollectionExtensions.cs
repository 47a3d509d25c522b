using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ML;

/// <summary>Adds pools of prediction engines to the services of an application.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds a pool as a singleton.</summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>The builder that is to be told where the model comes from.</returns>
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(this IServiceCollection services)
        where TData : class
        where TPrediction : class, new()
    {
        services.AddLogging().AddOptions();
        services.AddSingleton(provider => new PredictionEnginePool<TData, TPrediction>(
            provider.GetRequiredService<IOptions<PredictionEnginePoolOptions<TData, TPrediction>>>().Value));
        return new PredictionEnginePoolBuilder<TData, TPrediction>(services);
    }
}
