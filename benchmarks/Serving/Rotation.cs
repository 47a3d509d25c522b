namespace MLExtensions.Serving;

/// <summary>Says which server is asked next.</summary>
/// <param name="clients">The servers.</param>
internal sealed class Rotation(IEnumerable<Client> clients)
{
    private volatile Client[] _clients = [.. clients];
    private int _next;

    /// <summary>The next one.</summary>
    internal Client Next()
    {
        var all = _clients;
        return all[(uint)Interlocked.Increment(ref _next) % (uint)all.Length];
    }

    /// <summary>The next one that is not this one.</summary>
    internal Client Other(Client than)
    {
        Client other;
        while ((other = Next()) == than)
        {
        }

        return other;
    }

    /// <summary>Asks a server no more.</summary>
    internal void Remove(Client gone) => _clients = [.. _clients.Where(one => one != gone)];
}
