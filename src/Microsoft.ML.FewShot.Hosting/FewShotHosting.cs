using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.ML.FewShot.Hosting.Grains;
using Orleans.Configuration;

namespace Microsoft.ML.FewShot.Hosting;

/// <summary>Adds classifiers to a silo.</summary>
public static class FewShotHosting
{
    /// <summary>So often a silo asks others whether they are there; three times without an answer, and it says that they are not.</summary>
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    /// <summary>So often a silo writes into the store that it is there. One that has not for three times is not waited for by those that start.</summary>
    private static readonly TimeSpan AlivePeriod = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CollectionPeriod = TimeSpan.FromSeconds(30);

    /// <summary>Makes a silo host classifiers; <see cref="HostedClassifiers"/> is then among its services.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="store">Where classifiers, and the list of silos, are kept.</param>
    /// <param name="configure">Changes what tenants may have; null for the usual.</param>
    /// <returns>The same silo.</returns>
    /// <remarks>
    /// What makes classifiers answer is the <see cref="IClassifierEngine"/> among the services; where there is none, one that loads ML.NET models which take the bytes of
    /// an image file and give scores. A silo knows within a few seconds that another has ended.
    /// </remarks>
    public static ISiloBuilder AddFewShotClassifiers(this ISiloBuilder silo, ClassifierStore store, Action<HostedClassifierOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(store);
        store.Configure(silo);
        var services = silo.Services;
        services.AddOptions<HostedClassifierOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<HostedClassifierOptions>, Ranges>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IClassifierEngine, PipelineEngine>();
        services.AddSingleton<HostedClassifiers>();
        silo.AddIncomingGrainCallFilter<StoreFaults>();
        services.AddSingleton<IHostedService>(provider => new Preparation(store, provider.GetRequiredService<IOptions<EndpointOptions>>().Value));
        services.AddOptions<GrainCollectionOptions>().Configure<IOptions<HostedClassifierOptions>>((collection, options) =>
        {
            collection.CollectionQuantum = CollectionPeriod;
            collection.CollectionAge = options.Value.IdleTime;
            collection.EnableActivationSheddingOnMemoryPressure = true;
        });
        services.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = ProbePeriod;
            membership.TableRefreshTimeout = AlivePeriod;
            membership.IAmAliveTablePublishTimeout = AlivePeriod;
        });
        return silo;
    }

    private sealed class Ranges : IValidateOptions<HostedClassifierOptions>
    {
        public ValidateOptionsResult Validate(string? name, HostedClassifierOptions options)
        {
            var found = new ValidateOptionsResultBuilder();
            AtLeastOne(nameof(options.MaxClassifiersPerTenant), options.MaxClassifiersPerTenant);
            AtLeastOne(nameof(options.MaxBytesPerTenant), options.MaxBytesPerTenant);
            AtLeastOne(nameof(options.MaxClassifierBytes), options.MaxClassifierBytes);
            AtLeastOne(nameof(options.Workers), options.Workers);
            AtLeastOne(nameof(options.MaxWaiting), options.MaxWaiting);
            if (options.IdleTime <= TimeSpan.FromMinutes(1))
            {
                found.AddError($"expected more than a minute, found {options.IdleTime}", nameof(options.IdleTime));
            }

            if (options.RetryTime < TimeSpan.Zero)
            {
                found.AddError($"expected zero or more, found {options.RetryTime}", nameof(options.RetryTime));
            }

            return found.Build();

            void AtLeastOne(string option, long value)
            {
                if (value < 1)
                {
                    found.AddError(string.Create(CultureInfo.InvariantCulture, $"expected at least 1, found {value}"), option);
                }
            }
        }
    }

    /// <summary>
    /// Prepares the store, and looks whether the silo's port is free, before anything of the silo is started: one whose start fails on the way leaves threads of Orleans 10.4 that never rest.
    /// </summary>
    private sealed class Preparation(ClassifierStore store, EndpointOptions endpoints) : IHostedLifecycleService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        // Orleans lets several silos listen at one port. One of them is then told dead.
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            var place = endpoints.SiloListeningEndpoint ?? new IPEndPoint(endpoints.AdvertisedIPAddress ?? IPAddress.Loopback, endpoints.SiloPort);
            try
            {
                using var probe = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                probe.Bind(place);
                probe.Listen();
            }
            catch (SocketException e)
            {
                throw new IOException($"The silo cannot listen at {place}: {e.Message}", e);
            }

            try
            {
                await store.Prepare(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new IOException($"{store.Description} cannot be used: {(e is IOException ? e : e.GetBaseException()).Message}", e);
            }
        }
    }
}
