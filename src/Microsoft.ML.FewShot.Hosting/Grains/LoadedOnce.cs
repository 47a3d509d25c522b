namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>
/// A classifier that is loaded when it is first used, and disposed of when it has been let go and nobody uses it any more. For the one thread at a time that a
/// grain has.
/// </summary>
internal sealed class LoadedOnce(Func<Task<ILoadedClassifier>> load)
{
    private Task<ILoadedClassifier>? _loading;
    private int _users;
    private bool _isLetGo;

    /// <summary>Uses it.</summary>
    public async Task<T> Use<T>(Func<ILoadedClassifier, Task<T>> use)
    {
        _users++;
        try
        {
            if (_loading is null or { IsFaulted: true })
            {
                _loading = load();      // what could not be loaded once is tried again
            }

            return await use(await _loading);
        }
        finally
        {
            _users--;
            await DisposeWhenUnused();
        }
    }

    /// <summary>Lets it go.</summary>
    public Task LetGo()
    {
        _isLetGo = true;
        return DisposeWhenUnused();
    }

    private async Task DisposeWhenUnused()
    {
        if (_isLetGo && _users == 0 && _loading is { IsCompletedSuccessfully: true } loaded)
        {
            _loading = null;
            await loaded.Result.DisposeAsync();
        }
    }
}
