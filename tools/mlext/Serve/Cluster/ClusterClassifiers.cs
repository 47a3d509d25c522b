using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.ML;
using Microsoft.ML.FewShot.Hosting;
using MLExt.Serve.Classifiers;
using MLExt.Serve.Contract;
using MLExt.Serve.Http;

namespace MLExt.Serve.Cluster;

/// <summary>The classifiers of a cluster: asked for at whichever silo they live, and loaded here for what is asked seldom.</summary>
/// <param name="hosted">The classifiers of all silos.</param>
/// <param name="context">The context to load into.</param>
/// <param name="models">The thread of this process that uses models.</param>
/// <param name="terminal">Told why the cluster cannot answer, which is nothing for those who ask.</param>
internal sealed class ClusterClassifiers(HostedClassifiers hosted, MLContext context, ModelThread models, Terminal terminal) : IClassifiers
{
    /// <inheritdoc/>
    public async Task<IEnumerable<ClassifierAnswer>> List(string tenant) => (await Ask(tenant, null, () => hosted.ListAsync(tenant)).ConfigureAwait(false)).Select(Read);

    /// <inheritdoc/>
    public async Task<ClassifierAnswer> Get(string tenant, string id) => Read(await Ask(tenant, id, () => hosted.GetAsync(tenant, id)).ConfigureAwait(false));

    /// <inheritdoc/>
    public Task Add(string tenant, StoredClassifier classifier) => Write(tenant, classifier, () => hosted.CreateAsync(tenant, classifier.Answer.Id, classifier.File, Text(classifier)));

    /// <inheritdoc/>
    public Task Replace(string tenant, StoredClassifier classifier) => Write(tenant, classifier, () => hosted.ReplaceAsync(tenant, classifier.Answer.Id, classifier.File, Text(classifier)));

    /// <inheritdoc/>
    public Task Remove(string tenant, string id) => Ask(tenant, id, async () =>
    {
        await hosted.DeleteAsync(tenant, id).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public Task<byte[]> File(string tenant, string id) => Ask(tenant, id, () => hosted.DownloadAsync(tenant, id));

    /// <inheritdoc/>
    public async Task<PredictionAnswer> Predict(string tenant, string id, Func<Task<byte[]>> read, CancellationToken cancel)
    {
        var image = await read().ConfigureAwait(false);
        return ClusterEngine.Read(await Ask(tenant, id, () => hosted.PredictAsync(tenant, id, image)).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<T> Use<T>(string tenant, string id, Func<ServedClassifier, T> use, CancellationToken cancel)
    {
        var file = await File(tenant, id).ConfigureAwait(false);
        return await models.Run(
            () =>
            {
                using var classifier = ServedClassifier.Load(context, file);
                return use(classifier);
            },
            cancel).ConfigureAwait(false);
    }

    private async Task Write(string tenant, StoredClassifier classifier, Func<Task<HostedClassifier>> write)
    {
        models.Dispose(classifier);     // whichever silo it lives on loads it from the file
        await Ask(tenant, classifier.Answer.Id, write).ConfigureAwait(false);
    }

    private static string Text(StoredClassifier classifier) => JsonSerializer.Serialize(classifier.Answer);

    private static ClassifierAnswer Read(HostedClassifier hosted) => JsonSerializer.Deserialize<ClassifierAnswer>(hosted.Description)!;

    private async Task<T> Ask<T>(string tenant, string? id, Func<Task<T>> ask)
    {
        KeyName.Check(Tenant.Header, tenant);
        if (id is not null && !KeyName.Is(id))
        {
            throw ProblemException.NotFound($"There is no classifier '{id}'.");
        }

        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (HostedClassifierException e)
        {
            if (e.Fault == HostedClassifierFault.Unavailable)
            {
                terminal.Aside($"error: the cluster cannot answer: {e.GetBaseException().Message.Split('\n')[0]}");
            }

            throw new ProblemException(
                e.Fault switch
                {
                    HostedClassifierFault.NotFound => StatusCodes.Status404NotFound,
                    HostedClassifierFault.Exists or HostedClassifierFault.QuotaExceeded => StatusCodes.Status409Conflict,
                    HostedClassifierFault.Busy or HostedClassifierFault.Unavailable => StatusCodes.Status503ServiceUnavailable,
                    HostedClassifierFault.BadImage => StatusCodes.Status400BadRequest,
                    _ => StatusCodes.Status500InternalServerError,
                },
                e.Message);
        }
    }
}
