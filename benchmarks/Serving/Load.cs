using System.Diagnostics;

namespace MLExtensions.Serving;

/// <summary>Clients that ask the classifiers in turn, each one question at a time, until they are told to stop.</summary>
internal sealed class Load
{
    private readonly IReadOnlyList<KnownClassifier> _classifiers;
    private readonly Rotation _rotation;
    private readonly bool _asksAgain;
    private readonly Task _clients;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<Asked> _asked = [];
    private readonly Lock _gate = new();
    private volatile bool _isOver;
    private int _next;

    /// <summary>Starts it.</summary>
    /// <param name="classifiers">The classifiers.</param>
    /// <param name="rotation">Who is asked.</param>
    /// <param name="clients">How many ask at a time.</param>
    /// <param name="asksAgain">Whether another server is asked once where one fails.</param>
    internal Load(IReadOnlyList<KnownClassifier> classifiers, Rotation rotation, int clients, bool asksAgain = false)
    {
        (_classifiers, _rotation, _asksAgain) = (classifiers, rotation, asksAgain);
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(Run)));
    }

    /// <summary>How long it has been going on.</summary>
    internal TimeSpan Now => _watch.Elapsed;

    /// <summary>What has been asked so far, in the order in which it ended.</summary>
    internal IReadOnlyList<Asked> SoFar()
    {
        lock (_gate)
        {
            return [.. _asked];
        }
    }

    /// <summary>Asks no more, waits for answers that are on their way, and says what was asked.</summary>
    internal async Task<IReadOnlyList<Asked>> Stop()
    {
        _isOver = true;
        await _clients.ConfigureAwait(false);
        return _asked;
    }

    private async Task Run()
    {
        while (!_isOver)
        {
            var turn = (uint)Interlocked.Increment(ref _next);
            var number = (int)(turn % (uint)_classifiers.Count);
            var classifier = _classifiers[number];
            var glyph = classifier.Glyphs.ElementAt((int)(turn / (uint)_classifiers.Count % 2));
            var (server, began) = (_rotation.Next(), Now);
            var reply = await server.Ask(classifier, glyph).ConfigureAwait(false);
            var first = reply.Fault;
            if (first is not null && _asksAgain)
            {
                server = _rotation.Other(server);
                reply = await server.Ask(classifier, glyph).ConfigureAwait(false);
            }

            lock (_gate)
            {
                _asked.Add(new Asked(number, server, began, Now - began, reply, first));
            }
        }
    }
}
