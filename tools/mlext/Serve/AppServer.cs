using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MLExt.Serve.Classifiers;
using MLExt.Serve.Cluster;
using MLExt.Serve.DataSets;
using MLExt.Serve.Http;
using MLExt.Serve.Trainings;

namespace MLExt.Serve;

/// <summary>The app while it runs: a web server with the API and the page.</summary>
internal sealed class AppServer : IAsyncDisposable
{
    /// <summary>Beyond so many connections new ones are closed without an answer.</summary>
    private const int MostConnections = 4096;

    /// <summary>Beyond so many requests at a time the answer is 503.</summary>
    private const int MostRequests = 512;

    /// <summary>What a body may have beyond its images: the parts' headers, or the JSON around them.</summary>
    private const long Envelope = 4L << 20;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(5);

    /// <summary>What the end may take beyond the host's limit.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Terminal _terminal;
    private readonly AppParts _parts;
    private readonly WebApplication _app;

    private AppServer(Terminal terminal, AppParts parts, WebApplication app, string? cluster) => (_terminal, _parts, _app, Cluster) = (terminal, parts, app, cluster);

    /// <summary>What the store of the cluster is called whose silo this is; null for none.</summary>
    public string? Cluster { get; }

    /// <summary>Where the app is, with the port that it was given.</summary>
    public Uri Address => new(_app.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal));

    /// <summary>The folder of uploads and trained models, deleted at the end.</summary>
    public string WorkFolder => _parts.Work.Path;

    /// <summary>Loads the models and starts to answer.</summary>
    /// <param name="terminal">Told about warnings and unexpected errors.</param>
    /// <param name="settings">How to run.</param>
    /// <exception cref="CommandException">A model cannot be loaded, or the address cannot be listened at.</exception>
    public static async Task<AppServer> Start(Terminal terminal, ServeSettings settings)
    {
        var parts = await AppParts.Load(terminal, settings).ConfigureAwait(false);
        WebApplication? app = null;
        string? cluster = null;
        try
        {
            (app, cluster) = Build(terminal, settings, parts);
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await (app?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
            parts.Dispose();
            throw e switch
            {
                CommandException => e,
                // The web server wraps what it says of its own port; all else comes from the silo.
                _ when cluster is not null && e is not IOException { InnerException: AddressInUseException } => new CommandException(
                    $"The app cannot be a silo at {settings.Cluster!.Address}:{settings.Cluster.Port}: {(e is IOException ? e : e.GetBaseException()).Message}", inner: e),
                IOException or System.Net.Sockets.SocketException => new CommandException($"Port {settings.Port} of {settings.Host} cannot be listened at: {e.Message}", inner: e),
                _ => e,
            };
        }

        _ = parts.Models.Run(WarmUp, CancellationToken.None);
        return new AppServer(terminal, parts, app, cluster);

        bool WarmUp()
        {
            parts.Factory.WarmUp();
            return true;
        }
    }

    /// <summary>Stops answering, and ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        // Orleans would try for minutes to tell a store that is away of the end, whatever the host's limit. The web server has ended before it.
        var limit = _app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout + Grace;
        var end = Task.Run(async () =>
        {
            await _app.StopAsync().ConfigureAwait(false);
            await _app.DisposeAsync().ConfigureAwait(false);
        });
        try
        {
            await end.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!end.IsCompleted)
        {
            _terminal.Warn($"Not all had ended after {limit.TotalSeconds} s{(Cluster is null ? "" : ". The store may not know that this silo is gone; the others find out when they ask it")}.");
        }

        _parts.Dispose();
    }

    private static (WebApplication App, string? Cluster) Build(Terminal terminal, ServeSettings settings, AppParts parts)
    {
        // Empty: neither files in the working directory nor environment variables change what the app listens at.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Configure(options, settings));
        var services = builder.Services;
        services.AddRouting();
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemWriter>();
        services.AddOpenApi(options => ApiDescription.Configure(options, hasTenants: settings.Cluster is not null));
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // so that the answer can say what is bad
        services.Configure<HostOptions>(options => options.ShutdownTimeout = LongestEnd);
        services.AddRateLimiter(Configure);
        services.AddSingleton(terminal);
        services.AddSingleton(settings);
        services.AddSingleton(settings.Limits);
        services.AddSingleton(parts);
        string? cluster = null;
        if (settings.Cluster is { } silo)
        {
            cluster = ClusterSilo.Add(builder, silo, settings.Limits, parts.Context, parts.Models);
        }
        else
        {
            services.AddSingleton<IClassifiers>(parts.Kept);
        }

        var app = builder.Build();
        app.Use(InNoLanguage);
        app.UseExceptionHandler();
        app.UseRateLimiter();
        app.UseMiddleware<RequestGuard>();
        app.Use(QueryCheck.Check);
        app.UseMiddleware<BodyRoom>();
        app.UseStatusCodePages();
        Page.Use(app);
        app.MapOpenApi();
        GeneralEndpoints.Map(app);
        ClassifierEndpoints.Map(app);
        DataSetEndpoints.Map(app, settings.Limits);
        TrainingEndpoints.Map(app);
        return (app, cluster);
    }

    // Numbers in answers are written alike, whatever the language of the system.
    private static async Task InNoLanguage(HttpContext context, RequestDelegate next)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        await next(context).ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions options, ServeSettings settings)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = (settings.Limits.SupportBytes * 4 / 3) + Envelope; // base 64 is a third longer
        if (settings.Address is { } address)
        {
            options.Listen(new IPEndPoint(address, settings.Port));
        }
        else
        {
            options.ListenAnyIP(settings.Port);
        }
    }

    private static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            _ => RateLimitPartition.GetConcurrencyLimiter("", _ => new ConcurrencyLimiterOptions { PermitLimit = MostRequests }));
        options.OnRejected = (_, _) => throw new ProblemException(StatusCodes.Status503ServiceUnavailable, $"{MostRequests} requests are being answered already; try again later.");
    }

    private static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow; // a misspelt member would be lost
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
