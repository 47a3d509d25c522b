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
        var all = state.State.Classifiers;
        var replaced = all.GetValueOrDefault(classifier.Name);
        if (replaced is null && all.Count >= most)
        {
            return Refuse($"The tenant has {all.Count} classifiers, and may have {most}: delete one first.");
        }

        // Whoever has more than he may, for a limit was lowered, may have less in its place.
        var before = all.Values.Sum(one => one.Bytes);
        var bytes = before - (replaced?.Bytes ?? 0) + classifier.Bytes;
        if (bytes > Math.Max(mostBytes, before))
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
