namespace MLExtensions.Serving;

/// <summary>A folder of its own for a run, and the servers that were started in it; both are gone at the end.</summary>
/// <param name="store">The store, as the command line has it.</param>
/// <param name="classifiers">The most classifiers that a server keeps, of a tenant where it is a silo.</param>
internal sealed class Workplace(string store, int classifiers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlext-serving-").FullName;
    private readonly List<Server> _servers = [];
    private Store? _store;

    /// <summary>The store of all silos.</summary>
    internal Store Store => _store ??= Store.Of(store, _folder);

    /// <summary>Starts plain apps or silos, one after another.</summary>
    internal IReadOnlyList<Server> Start(int count, bool areSilos = true)
    {
        for (var i = 0; i < count; i++)
        {
            _servers.Add(Server.Start(_folder, areSilos ? Store : null, classifiers));
        }

        return _servers[^count..];
    }

    /// <summary>Makes classifiers by several clients at once.</summary>
    /// <param name="client">The server.</param>
    /// <param name="made">The classifiers.</param>
    /// <param name="each">Told when one has been made.</param>
    internal static Task Create(Client client, IEnumerable<KnownClassifier> made, Action? each = null) =>
        Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (classifier, _) =>
        {
            await client.Create(classifier).ConfigureAwait(false);
            each?.Invoke();
        });

    /// <summary>Asks all servers to end, one after another, so that a store which stays has no silo in its list that is not there.</summary>
    internal async Task End()
    {
        foreach (var server in _servers)
        {
            await server.End().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
