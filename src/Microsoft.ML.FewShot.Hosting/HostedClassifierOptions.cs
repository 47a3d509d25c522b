namespace Microsoft.ML.FewShot.Hosting;

/// <summary>What tenants may have, and for how long classifiers stay in memory. All silos of a cluster have the same.</summary>
public sealed class HostedClassifierOptions
{
    /// <summary>The most classifiers of a tenant; at least 1. The default value is 1000.</summary>
    public int MaxClassifiersPerTenant { get; set; } = 1000;

    /// <summary>The most bytes of all model files of a tenant together; at least 1. The default value is 1 GiB.</summary>
    public long MaxBytesPerTenant { get; set; } = 1L << 30;

    /// <summary>The most bytes of a model file; at least 1. The default value is 32 MiB.</summary>
    public int MaxClassifierBytes { get; set; } = 32 << 20;

    /// <summary>After so long without a request a classifier leaves the memory; it stays in the store. More than a minute. The default value is 15 minutes.</summary>
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a request is tried again while a silo is being replaced; zero for not at all. The default value is 30 seconds.</summary>
    public TimeSpan RetryTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many answers a silo computes at a time where the engine is the library's own; at least 1. The default value is 1: libtorch computes one with several threads.</summary>
    public int Workers { get; set; } = 1;

    /// <summary>How many answers may wait for a worker before more are refused, where the engine is the library's own; at least 1. The default value is 256.</summary>
    public int MaxWaiting { get; set; } = 256;
}
