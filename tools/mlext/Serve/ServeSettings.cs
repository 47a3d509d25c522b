using System.Net;
using MLExt.Models;
using MLExt.Serve.Cluster;

namespace MLExt.Serve;

/// <summary>How to run the app.</summary>
internal sealed record ServeSettings
{
    /// <summary>The name of the machine itself.</summary>
    public const string Loopback = "127.0.0.1";

    /// <summary>The port; 0 for any that is free.</summary>
    public int Port { get; init; } = 5117;

    /// <summary>The address to listen at: an IP address, "localhost", or "*" for all.</summary>
    public string Host { get; init; } = Loopback;

    /// <summary>More names by which others call the app, such as that of a proxy before it.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The model of <c>POST /api/predict</c>, or null.</summary>
    public string? ModelFile { get; init; }

    /// <summary>The generator of classifiers: a model file, or a name as <see cref="HyperTransformerFile"/> has it.</summary>
    public string Generator { get; init; } = HyperTransformerFile.Auto;

    /// <summary>CUDA device; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>Whether to print the whole log.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>How to be a silo of a cluster; null for an app that keeps its classifiers to itself.</summary>
    public ClusterSettings? Cluster { get; init; }

    /// <summary>What the app accepts and keeps.</summary>
    public ServeLimits Limits { get; init; } = new();

    /// <summary>Whether only programs of the same machine can reach the app.</summary>
    public bool IsLoopback => Address is { } address && IPAddress.IsLoopback(address);

    /// <summary>The address to listen at; null for all.</summary>
    public IPAddress? Address => Host == "*" ? null : Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(Host);
}
