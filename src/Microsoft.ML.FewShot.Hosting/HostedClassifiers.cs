using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Microsoft.ML.FewShot.Hosting.Grains;
using Orleans.Concurrency;
using Orleans.Runtime.Messaging;
using Orleans.Storage;

namespace Microsoft.ML.FewShot.Hosting;

/// <summary>
/// The classifiers of a cluster. Every silo has one, from the container of services; which silo a classifier lives on is Orleans' affair. A tenant sees its own
/// classifiers only.
/// </summary>
/// <remarks>
/// Names of tenants and classifiers are 1 to 64 letters A to Z and a to z, digits, dots, hyphens and underscores, and begin with a letter or digit; capital and small
/// letters differ. What a request finds is one whole version of a classifier, the last that was written completely. Where the store or a silo cannot be reached, every method
/// throws <see cref="HostedClassifierFault.Unavailable"/>. A request that meets a silo which is being
/// replaced is tried again for <see cref="HostedClassifierOptions.RetryTime"/>; a write may then have been done twice, which leaves the same classifier. What keeps a silo from loading any model, a native library that is missing for instance,
/// comes as the exception that it is.
/// </remarks>
public sealed partial class HostedClassifiers
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly IGrainFactory _grains;
    private readonly HostedClassifierOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Made by the container of services.</summary>
    /// <param name="grains">Orleans' way to grains.</param>
    /// <param name="options">What tenants may have.</param>
    /// <param name="clock">Measures how long requests are tried again.</param>
    public HostedClassifiers(IGrainFactory grains, IOptions<HostedClassifierOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_grains, _options, _clock) = (grains, options.Value, clock);
    }

    /// <summary>Whether something can be the name of a tenant or a classifier.</summary>
    /// <param name="name">It.</param>
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    /// <summary>All classifiers of a tenant, the last written first.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <exception cref="ArgumentException">That is no name.</exception>
    public async Task<IReadOnlyList<HostedClassifier>> ListAsync(string tenant) =>
        await Try(_grains.GetGrain<ITenantGrain>(Checked(tenant, nameof(tenant))).List).ConfigureAwait(false);

    /// <summary>What is known of a classifier.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is none.</exception>
    public async Task<HostedClassifier> GetAsync(string tenant, string name)
    {
        var grain = Grain(tenant, name);
        var found = await Try(grain.Describe).ConfigureAwait(false);
        if (found.Fault == HostedClassifierFault.NotFound)
        {
            await Try(async () =>
            {
                await grain.Unlist().ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }

        return found.Take();
    }

    /// <summary>Keeps a new classifier.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <param name="model">The bytes of the model file; not changed afterwards.</param>
    /// <param name="description">What is to be said of it; any text.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is one of the name already, unless it is this one; the tenant would have more than it may; or the bytes are no classifier.</exception>
    public Task<HostedClassifier> CreateAsync(string tenant, string name, byte[] model, string description) => Put(tenant, name, model, description, isNew: true);

    /// <summary>Puts another classifier in the place of one. Requests that come meanwhile are answered by the old one; of two writers the last wins.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <param name="model">The bytes of the model file; not changed afterwards.</param>
    /// <param name="description">What is to be said of it; any text.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is none of the name; the tenant would have more than it may; or the bytes are no classifier. The old one stays.</exception>
    public Task<HostedClassifier> ReplaceAsync(string tenant, string name, byte[] model, string description) => Put(tenant, name, model, description, isNew: false);

    /// <summary>Deletes a classifier, from the store too.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is none.</exception>
    public async Task DeleteAsync(string tenant, string name)
    {
        var grain = Grain(tenant, name);
        var tries = 0;
        var deleted = await Try(() =>
        {
            tries++;
            return grain.Delete();
        }).ConfigureAwait(false);
        if (tries == 1 || deleted.Fault != HostedClassifierFault.NotFound)
        {
            deleted.Take();     // after the first try it may be that one which deleted it
        }
    }

    /// <summary>The bytes of a model file.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is none.</exception>
    public async Task<byte[]> DownloadAsync(string tenant, string name) => (await Try(Grain(tenant, name).Download).ConfigureAwait(false)).Take();

    /// <summary>Says what an image shows.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="name">The classifier's name.</param>
    /// <param name="image">The bytes of the image file; not changed afterwards.</param>
    /// <exception cref="ArgumentException">One is no name.</exception>
    /// <exception cref="HostedClassifierException">There is no such classifier; the image cannot be decoded; or too many requests are waiting.</exception>
    public async Task<HostedPrediction> PredictAsync(string tenant, string name, byte[] image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var grain = Grain(tenant, name);
        return (await Try(() => grain.Predict(new Immutable<byte[]>(image))).ConfigureAwait(false)).Take();
    }

    private async Task<HostedClassifier> Put(string tenant, string name, byte[] model, string description, bool isNew)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(description);
        var grain = Grain(tenant, name);
        if (model.Length > _options.MaxClassifierBytes)
        {
            throw new HostedClassifierException(HostedClassifierFault.QuotaExceeded, $"The classifier has {model.Length} bytes; one may have {_options.MaxClassifierBytes}.");
        }

        return (await Try(() => grain.Put(new Immutable<byte[]>(model), description, isNew)).ConfigureAwait(false)).Take();
    }

    private IClassifierGrain Grain(string tenant, string name)
    {
        var key = $"{Checked(tenant, nameof(tenant))}/{Checked(name, nameof(name))}";
        return _grains.GetGrain<IClassifierGrain>(key);
    }

    private static string Checked(string name, string parameter) => IsName(name) ? name : throw new ArgumentException(
        $"'{name}' is no name: expected 1 to 64 letters A to Z and a to z, digits, dots, hyphens and underscores, the first a letter or digit.", parameter);

    private async Task<T> Try<T>(Func<Task<T>> ask)
    {
        var began = _clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (Exception e) when (IsPassing(e) && _clock.GetElapsedTime(began) + pause < _options.RetryTime)
            {
                await Task.Delay(pause, _clock).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or IOException)
            {
                throw new HostedClassifierException(HostedClassifierFault.Unavailable, "The cluster or its store cannot answer at the moment; try again later.", e);
            }
        }
    }

    // What a silo that ends or has ended makes of a request, and a write that another activation has overtaken.
    private static bool IsPassing(Exception e) =>
        e is OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException or InconsistentStateException or TimeoutException;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
