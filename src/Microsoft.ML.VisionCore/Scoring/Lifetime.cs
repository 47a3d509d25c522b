namespace Microsoft.ML.VisionCore.Scoring;

/// <summary>
/// Lets several threads use a model that any of them may dispose of: uses that begin later are refused, and its tensors are freed when the last one that has begun is over.
/// Without that, native code would read freed memory.
/// </summary>
/// <param name="free">Frees it at the end.</param>
/// <param name="name">The type that users know it by.</param>
internal sealed class Lifetime(Action free, string name) : IDisposable
{
    private int _holders = 1;       // who made it, whoever shares it, and every use
    private int _isDisposed;

    /// <summary>Begins a use, which ends when what is returned is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Use Begin()
    {
        Hold();
        return new Use(this);
    }

    /// <summary>One more who has the model, until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Hold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0 && Volatile.Read(ref _isDisposed) == 0)
        {
            var found = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (found == holders)
            {
                return;
            }

            holders = found;
        }

        throw new ObjectDisposedException(name,
            "The model has been disposed of. A PredictionEngine disposes of the model that it was given, unless it was created with PredictionEngineOptions { OwnsTransformer = false }.");
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release();
        }
    }

    /// <summary>One less who has it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            free();
        }
    }

    /// <summary>A use that has begun.</summary>
    internal readonly ref struct Use(Lifetime lifetime)
    {
        public void Dispose() => lifetime.Release();
    }
}
