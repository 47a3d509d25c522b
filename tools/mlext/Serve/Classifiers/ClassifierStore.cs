using MLExt.Serve.Http;

namespace MLExt.Serve.Classifiers;

/// <summary>The classifiers that are kept; of too many the least recently used goes. Safe to use from several threads.</summary>
/// <param name="models">Disposes of those that go.</param>
/// <param name="most">The most that are kept.</param>
internal sealed class ClassifierStore(ModelThread models, int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<StoredClassifier> _byUse = new();

    /// <summary>All, the most recently used first.</summary>
    public IReadOnlyList<StoredClassifier> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byUse];
            }
        }
    }

    /// <summary>Finds one, which counts as using it.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public StoredClassifier Get(string id)
    {
        lock (_lock)
        {
            var found = Find(id);
            _byUse.Remove(found);
            _byUse.AddFirst(found);
            return found;
        }
    }

    /// <summary>Keeps a new one.</summary>
    public void Add(StoredClassifier classifier)
    {
        lock (_lock)
        {
            _byUse.AddFirst(classifier);
            while (_byUse.Count > most)
            {
                models.Dispose(_byUse.Last!.Value);
                _byUse.RemoveLast();
            }
        }
    }

    /// <summary>Keeps a new one in the place of one with the same id.</summary>
    /// <exception cref="ProblemException">There is none with this id any more; the new one is disposed of.</exception>
    public void Replace(StoredClassifier classifier)
    {
        lock (_lock)
        {
            try
            {
                var old = Find(classifier.Id);
                _byUse.Remove(old);
                models.Dispose(old);
            }
            catch (ProblemException)
            {
                models.Dispose(classifier);
                throw;
            }

            _byUse.AddFirst(classifier);
        }
    }

    /// <summary>Forgets one.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public void Remove(string id)
    {
        lock (_lock)
        {
            var found = Find(id);
            _byUse.Remove(found);
            models.Dispose(found);
        }
    }

    private StoredClassifier Find(string id) => _byUse.FirstOrDefault(c => c.Id == id)
        ?? throw ProblemException.NotFound($"There is no classifier '{id}', or no longer: only the {most} that were used last are kept.");
}
