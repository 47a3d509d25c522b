using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.FewShot.Hosting;

namespace Samples.Snippets;

/// <summary>The code of docs/scale.md on serving. A test holds the region against the text.</summary>
public static class Hosting
{
    /// <summary>A web app that is a silo.</summary>
    public static void Run(string[] args)
    {
        #region hosting
        var builder = WebApplication.CreateBuilder(args);
        builder.UseOrleans(silo => silo
            .AddFewShotClassifiers(ClassifierStore.Parse("sqlite:classifiers.db"), options => options.MaxClassifiersPerTenant = 100)
            .ConfigureEndpoints(IPAddress.Loopback, siloPort: 11111, gatewayPort: 0));
        var app = builder.Build();
        app.MapPut("/{tenant}/{name}", async (string tenant, string name, Stream model, HostedClassifiers classifiers) =>
            await classifiers.CreateAsync(tenant, name, (await BinaryData.FromStreamAsync(model)).ToArray(), description: ""));
        app.MapPost("/{tenant}/{name}", async (string tenant, string name, Stream image, HostedClassifiers classifiers) =>
            await classifiers.PredictAsync(tenant, name, (await BinaryData.FromStreamAsync(image)).ToArray()));
        app.Run();
        #endregion
    }
}
