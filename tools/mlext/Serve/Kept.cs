using MLExt.Serve.Http;

namespace MLExt.Serve;

/// <summary>Things with an id that are kept; of too many the least recently used goes. Safe to use from several threads.</summary>
/// <typeparam name="T">The things.</typeparam>
/// <param name="kind">What messages call one.</param>
/// <param name="most">The most that are kept.</param>
/// <param name="idOf">The id of one.</param>
/// <param name="letGo">Told about those that go; must not wait for anything.</param>
internal sealed class Kept<T>(string kind, int most, Func<T, string> idOf, Action<T> letGo)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<T> _byUse = new();

    /// <summary>All, the most recently used first.</summary>
    public IReadOnlyList<T> All
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
    public T Get(string id)
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
    /// <exception cref="ProblemException">There is one with its id, and the new one goes.</exception>
    public void Add(T item)
    {
        lock (_lock)
        {
            if (_byUse.Any(other => idOf(other) == idOf(item)))
            {
                letGo(item);
                throw ProblemException.Conflict($"There is a {kind} '{idOf(item)}' already.");
            }

            _byUse.AddFirst(item);
            while (_byUse.Count > most)
            {
                letGo(_byUse.Last!.Value);
                _byUse.RemoveLast();
            }
        }
    }

    /// <summary>Keeps a new one in the place of one with the same id.</summary>
    /// <exception cref="ProblemException">There is none with this id any more, and the new one goes too.</exception>
    public void Replace(T item)
    {
        lock (_lock)
        {
            try
            {
                var old = Find(idOf(item));
                _byUse.Remove(old);
                letGo(old);
            }
            catch (ProblemException)
            {
                letGo(item);
                throw;
            }

            _byUse.AddFirst(item);
        }
    }

    /// <summary>Lets one go.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public void Remove(string id)
    {
        lock (_lock)
        {
            var found = Find(id);
            _byUse.Remove(found);
            letGo(found);
        }
    }

    /// <summary>Lets all go.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var item in _byUse)
            {
                letGo(item);
            }

            _byUse.Clear();
        }
    }

    private T Find(string id) => _byUse.FirstOrDefault(item => idOf(item) == id)
        ?? throw ProblemException.NotFound($"There is no {kind} '{id}', or no longer: only the {most} that were used last are kept, and none when the server ends.");
}
