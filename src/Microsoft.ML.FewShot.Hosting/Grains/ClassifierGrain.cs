using Orleans.Concurrency;

namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <inheritdoc cref="IClassifierGrain"/>
[GrainType("classifier")]
internal sealed class ClassifierGrain(
    [PersistentState("classifier", ClassifierStore.StorageName)] IPersistentState<ClassifierState> state, IClassifierEngine engine, TimeProvider clock) : Grain, IClassifierGrain
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    /// <summary>What readers see: the state as it was last read or written, never one that is being written.</summary>
    private ClassifierState? _stored;

    private LoadedOnce? _loaded;

    /// <summary>Runs while nobody knows whether a write was done.</summary>
    private IGrainTimer? _readingAgain;

    private string Tenant => this.GetPrimaryKeyString().Split('/')[0];

    private string Name => this.GetPrimaryKeyString().Split('/')[1];

    private ITenantGrain List => GrainFactory.GetGrain<ITenantGrain>(Tenant);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Show();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _loaded?.LetGo() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public Task<Outcome<HostedClassifier>> Describe() => Task.FromResult(_stored is { } stored ? new(stored.Known) : Missing<HostedClassifier>());

    /// <inheritdoc/>
    public Task<Outcome<byte[]>> Download() => Task.FromResult(_stored is { } stored ? new(stored.Model) : Missing<byte[]>());

    /// <inheritdoc/>
    public async Task<Outcome<HostedPrediction>> Predict(Immutable<byte[]> image)
    {
        if (_loaded is not { } loaded)
        {
            return Missing<HostedPrediction>();
        }

        try
        {
            return new(await loaded.Use(classifier => classifier.PredictAsync(image.Value)));
        }
        catch (HostedClassifierException e)
        {
            return Outcome<HostedPrediction>.Of(e);
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<HostedClassifier>> Put(Immutable<byte[]> model, string description, bool isNew)
    {
        if (isNew && _stored is { } there)
        {
            // A writer that got no answer asks again.
            return there.Known!.Description == description && there.Model.AsSpan().SequenceEqual(model.Value)
                ? new(there.Known) : new(null, HostedClassifierFault.Exists, $"There is a classifier '{Name}' already.");
        }

        if (!isNew && _stored is null)
        {
            return Missing<HostedClassifier>();
        }

        var known = new HostedClassifier(Name, description, model.Value.Length, (_stored?.Known!.Version ?? 0) + 1, clock.GetUtcNow());
        var loaded = new LoadedOnce(() => engine.LoadAsync(model.Value));
        try
        {
            await loaded.Use(_ => Task.FromResult(true));   // so that nothing is replaced by what cannot answer
        }
        catch (HostedClassifierException e)
        {
            return Outcome<HostedClassifier>.Of(e);
        }

        try
        {
            if (await List.Admit(known) is { Fault: not null } refused)
            {
                await loaded.LetGo();
                return refused.As<HostedClassifier>();
            }

            state.State = new ClassifierState { Known = known, Model = model.Value };
            await state.WriteStateAsync();
        }
        catch
        {
            await loaded.LetGo();
            await ReadAgain();
            throw;
        }

        Show(loaded);
        return new(known);
    }

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Delete()
    {
        var (isThere, name) = (_stored is not null, Name);
        if (isThere)
        {
            try
            {
                await state.ClearStateAsync();
            }
            catch
            {
                await ReadAgain();
                throw;
            }

            Show();
        }

        await List.Correct(name, null);
        DeactivateOnIdle();
        return isThere ? new(true) : Missing<bool>();
    }

    /// <inheritdoc/>
    public Task Unlist() => _stored is null ? List.Correct(Name, null) : Task.CompletedTask;

    /// <summary>After a write that failed nobody knows what is stored. Until the store says, what was there before goes on answering.</summary>
    private async Task ReadAgain()
    {
        try
        {
            await state.ReadStateAsync();
            Show();
            await List.Correct(Name, _stored?.Known);
            _readingAgain?.Dispose();
            _readingAgain = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _readingAgain ??= this.RegisterGrainTimer(ReadAgain, RetryPeriod, RetryPeriod);
        }
    }

    private void Show(LoadedOnce? loaded = null)
    {
        _loaded?.LetGo().Ignore();
        _stored = state.RecordExists && state.State.Known is not null ? state.State : null;
        var model = _stored?.Model;
        _loaded = model is null ? null : loaded ?? new LoadedOnce(() => engine.LoadAsync(model));
    }

    private Outcome<T> Missing<T>() => new(default, HostedClassifierFault.NotFound, $"There is no classifier '{Name}'.");
}
