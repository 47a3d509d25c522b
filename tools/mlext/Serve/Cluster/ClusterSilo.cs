using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;
using Microsoft.ML.FewShot.Hosting;
using MLExt.Commands;
using MLExt.Serve.Classifiers;
using Orleans.Configuration;

namespace MLExt.Serve.Cluster;

/// <summary>Makes the app a silo of a cluster. Nothing else of the tool names Orleans, so that nothing of it is loaded unless this is called.</summary>
internal static class ClusterSilo
{
    private const string Name = "mlext";

    /// <summary>In time for the probes of Kubernetes, which sends a signal and kills after 30 seconds.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(25);

    /// <summary>Adds the silo to the app.</summary>
    /// <param name="builder">The app.</param>
    /// <param name="cluster">How to be a silo.</param>
    /// <param name="limits">What the app accepts and keeps.</param>
    /// <param name="context">The context to load into.</param>
    /// <param name="models">The thread that uses models.</param>
    /// <returns>What the cluster's store is called.</returns>
    /// <exception cref="CommandException">There is no such store.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Add(WebApplicationBuilder builder, ClusterSettings cluster, ServeLimits limits, MLContext context, ModelThread models)
    {
        ClassifierStore store;
        try
        {
            store = ClassifierStore.Parse(cluster.Store);
        }
        catch (ArgumentException e)
        {
            throw new CommandException(LibraryMessages.Of(e).Insert(0, "--cluster: "), inner: e);
        }

        builder.Services.AddSingleton<IClassifierEngine>(new ClusterEngine(context, models));
        builder.Services.AddSingleton<IClassifiers>(services => new ClusterClassifiers(services.GetRequiredService<HostedClassifiers>(), context, models, services.GetRequiredService<Terminal>()));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = LongestEnd);
        builder.UseOrleans(silo =>
        {
            silo.AddFewShotClassifiers(store, options => (options.MaxClassifiersPerTenant, options.MaxBytesPerTenant) = (limits.Classifiers, cluster.TenantBytes));
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Name, Name));
            silo.ConfigureEndpoints(cluster.Address, cluster.Port == 0 ? FreePort(cluster.Address) : cluster.Port, gatewayPort: 0);
            if (IsPod)
            {
                silo.UseKubernetesHosting();    // names, addresses and the end of pods come from there
            }
        });
        return store.Description;
    }

    private static bool IsPod => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && Environment.GetEnvironmentVariable("POD_IP") is { Length: > 0 };

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
