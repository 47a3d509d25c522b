using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.ML;

/// <summary>Where the model of a pool comes from.</summary>
public static class BuilderExtensions
{
    /// <summary>The model is a file.</summary>
    /// <param name="builder">The builder of the pool.</param>
    /// <param name="filePath">Path of the file; it must exist when the pool is first asked for.</param>
    /// <param name="watchForChanges">Whether the model is loaded again when the file changes; only false is implemented.</param>
    public static PredictionEnginePoolBuilder<TData, TPrediction> FromFile<TData, TPrediction>(
        this PredictionEnginePoolBuilder<TData, TPrediction> builder, string filePath, bool watchForChanges)
        where TData : class
        where TPrediction : class, new()
    {
        if (watchForChanges)
        {
            throw new NotSupportedException("The stand-in loads a model once.");
        }

        builder.Services.Configure<PredictionEnginePoolOptions<TData, TPrediction>>(options => options.FilePath = filePath);
        return builder;
    }
}
