using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MLExtensions.Testing;
using Orleans.Configuration;

namespace Microsoft.ML.FewShot.Hosting.Tests;

/// <summary>A silo in this process.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    public const string Tenant = "tenant";

    private readonly IHost _host;

    private TestSilo(IHost host, TestEngine engine) => (_host, Engine) = (host, engine);

    /// <summary>What makes its classifiers answer.</summary>
    public TestEngine Engine { get; }

    /// <summary>What it hosts.</summary>
    public HostedClassifiers Classifiers => _host.Services.GetRequiredService<HostedClassifiers>();

    /// <summary>Orleans' way to grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a silo.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="service">The silos of one service see the same classifiers.</param>
    /// <param name="cluster">The silos of one cluster know each other; null for those of the service.</param>
    /// <param name="configure">Changes what tenants may have.</param>
    /// <param name="port">Its port; null for any that is free.</param>
    public static async Task<TestSilo> Start(ClassifierStore store, string service, string? cluster = null, Action<HostedClassifierOptions>? configure = null, int? port = null)
    {
        var engine = new TestEngine();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IClassifierEngine>(engine);
        builder.UseOrleans(silo => silo.AddFewShotClassifiers(store, configure)
            .Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (service, cluster ?? service))
            .ConfigureEndpoints(IPAddress.Loopback, port ?? FreePort.Find(), gatewayPort: 0));
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new TestSilo(host, engine);
    }

    /// <summary>Sends what nobody uses at this moment out of the memory.</summary>
    public Task Collect() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
