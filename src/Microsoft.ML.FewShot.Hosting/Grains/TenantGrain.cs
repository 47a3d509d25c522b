using Microsoft.Extensions.Options;

namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <inheritdoc cref="ITenantGrain"/>
[GrainType("tenant")]
internal sealed class TenantGrain(
    [PersistentState("tenant", ClassifierStore.StorageName)] IPersistentState<TenantState> state, IOptions<HostedClassifierOptions> options) : Grain, ITenantGrain
{
    /// <inheritdoc/>
    public Task<HostedClassifier[]> List() =>
        Task.FromResult(state.State.Classifiers.Values.OrderByDescending(classifier => classifier.Written).ThenBy(classifier => classifier.Name, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public async Task<Outcome<bool>> Admit(HostedClassifier classifier)
    {
        var (most, mostBytes) = (options.Value.MaxClassifiersPerTenant, options.Value.MaxBytesPerTenant);
        var others = state.State.Classifiers.Values.Where(one => one.Name != classifier.Name).ToArray();
        if (others.Length >= most)
        {
            return Refuse($"The tenant has {others.Length} classifiers, and may have {most}: delete one first.");
        }

        var bytes = others.Sum(one => one.Bytes) + classifier.Bytes;
        if (bytes > mostBytes)
        {
            return Refuse($"The tenant's classifiers would have {bytes} bytes together, and may have {mostBytes}: delete one first.");
        }

        await Correct(classifier.Name, classifier);
        return new(true);

        static Outcome<bool> Refuse(string message) => new(false, HostedClassifierFault.QuotaExceeded, message);
    }

    /// <inheritdoc/>
    public async Task Correct(string name, HostedClassifier? stored)
    {
        var before = state.State;
        if (before.Classifiers.GetValueOrDefault(name) == stored)
        {
            return;
        }

        var after = new Dictionary<string, HostedClassifier>(before.Classifiers, StringComparer.Ordinal);
        if (stored is null)
        {
            after.Remove(name);
        }
        else
        {
            after[name] = stored;
        }

        try
        {
            if (after.Count == 0)
            {
                await state.ClearStateAsync();
                return;
            }

            state.State = new TenantState { Classifiers = after };
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            DeactivateOnIdle();     // nobody knows what is stored: the next activation reads
            throw;
        }
    }
}
