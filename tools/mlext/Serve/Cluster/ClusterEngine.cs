using Microsoft.AspNetCore.Http;
using Microsoft.ML;
using Microsoft.ML.FewShot.Hosting;
using MLExt.Serve.Classifiers;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Cluster;

/// <summary>Makes the classifiers that live on this silo answer, on the one thread that uses models.</summary>
/// <param name="context">The context to load into.</param>
/// <param name="models">The thread.</param>
internal sealed class ClusterEngine(MLContext context, ModelThread models) : IClassifierEngine
{
    /// <inheritdoc/>
    public async Task<ILoadedClassifier> LoadAsync(byte[] model)
    {
        try
        {
            return new Loaded(await Run(() => ServedClassifier.Load(context, model)).ConfigureAwait(false), this);
        }
        catch (FormatException e)
        {
            throw new HostedClassifierException(HostedClassifierFault.BadModel, e.Message);
        }
    }

    /// <summary>An answer as the API has it.</summary>
    public static PredictionAnswer Read(HostedPrediction prediction) => new(
        prediction.Label, [.. prediction.Classes.Zip(prediction.Probabilities, (name, probability) => new LabelProbability(name, probability))], prediction.KnownScore, prediction.Milliseconds);

    private static HostedPrediction Write(PredictionAnswer answer) => new(
        answer.Label, [.. answer.Scores.Select(score => score.Label)], [.. answer.Scores.Select(score => (float)score.Probability)], (float?)answer.KnownScore, answer.Milliseconds);

    private async Task<T> Run<T>(Func<T> work)
    {
        try
        {
            return await models.Run(work, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ProblemException e)
        {
            throw new HostedClassifierException(e.Status == StatusCodes.Status503ServiceUnavailable ? HostedClassifierFault.Busy : HostedClassifierFault.BadImage, e.Message);
        }
    }

    private sealed class Loaded(ServedClassifier classifier, ClusterEngine engine) : ILoadedClassifier
    {
        public Task<HostedPrediction> PredictAsync(byte[] image) => engine.Run(() => Write(classifier.Predict(image)));

        public ValueTask DisposeAsync()
        {
            engine.Dispose(classifier);
            return ValueTask.CompletedTask;
        }
    }

    private void Dispose(ServedClassifier classifier) => models.Dispose(classifier);
}
