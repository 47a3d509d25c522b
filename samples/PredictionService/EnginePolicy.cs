using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace Samples.PredictionService;

/// <summary>Makes the prediction engines of a pool, all of one model. The model outlives them: an engine that goes does not take it along.</summary>
internal sealed class EnginePolicy(MLContext mlContext, ITransformer model) : PooledObjectPolicy<PredictionEngine<ImageInput, ImageOutput>>
{
    public override PredictionEngine<ImageInput, ImageOutput> Create() =>
        mlContext.Model.CreatePredictionEngine<ImageInput, ImageOutput>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(PredictionEngine<ImageInput, ImageOutput> engine) => true;
}
