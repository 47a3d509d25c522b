using MLExt.Serve.Contract;

namespace MLExt.Serve.Classifiers;

/// <summary>Classifiers in the memory of this process; of too many the least recently used goes. All are of one tenant.</summary>
/// <param name="most">The most that are kept.</param>
/// <param name="models">The thread that uses them.</param>
internal sealed class KeptClassifiers(int most, ModelThread models) : IClassifiers
{
    private readonly Kept<StoredClassifier> _kept = new("classifier", most, classifier => classifier.Answer.Id, models.Dispose);

    /// <inheritdoc/>
    public Task<IEnumerable<ClassifierAnswer>> List(string tenant) => Task.FromResult(_kept.All.Select(classifier => classifier.Answer));

    /// <inheritdoc/>
    public Task<ClassifierAnswer> Get(string tenant, string id) => Task.FromResult(_kept.Get(id).Answer);

    /// <inheritdoc/>
    public Task Add(string tenant, StoredClassifier classifier)
    {
        _kept.Add(classifier);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Replace(string tenant, StoredClassifier classifier)
    {
        _kept.Replace(classifier);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Remove(string tenant, string id)
    {
        _kept.Remove(id);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<byte[]> File(string tenant, string id) => Task.FromResult(_kept.Get(id).File);

    /// <inheritdoc/>
    public async Task<PredictionAnswer> Predict(string tenant, string id, Func<Task<byte[]>> read, CancellationToken cancel)
    {
        _kept.Get(id);      // before anything is read for nothing
        var image = await read().ConfigureAwait(false);
        return await Use(tenant, id, classifier => classifier.Predict(image), cancel).ConfigureAwait(false);
    }

    // It may have been replaced or forgotten when its turn comes.
    /// <inheritdoc/>
    public Task<T> Use<T>(string tenant, string id, Func<ServedClassifier, T> use, CancellationToken cancel) => models.Run(() => use(_kept.Get(id).Served), cancel);

    /// <summary>Forgets all.</summary>
    public void Clear() => _kept.Clear();
}
