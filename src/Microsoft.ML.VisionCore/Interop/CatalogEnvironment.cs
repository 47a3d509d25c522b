using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Interop;

/// <summary>What ML.NET knows about the context that a component was made from, and hides from outsiders.</summary>
internal static class CatalogEnvironment
{
    /// <summary>The environment of the context that a catalog belongs to.</summary>
    public static IHostEnvironment Of(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>The seed of the context; null where it has none.</summary>
    public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>The seed of a training: what the caller gave, or else the context's, or else a new one that the channel is told.</summary>
    public static int SeedOf(IHostEnvironment environment, int? given, IChannel channel)
    {
        if ((given ?? Seed(environment)) is { } seed)
        {
            return seed;
        }

        seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        channel.Info(MessageSensitivity.None, $"No seed was given; this training uses seed {seed}.");
        return seed;
    }

    /// <summary>The GPU that the context asks for; null for the CPU.</summary>
    public static int? GpuDeviceId(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.GpuDeviceId;

    /// <summary>Whether the context lets the CPU stand in for a GPU that is not there.</summary>
    public static bool FallbackToCpu(IHostEnvironment environment) => environment is IHostEnvironmentInternal { FallbackToCpu: true };

    /// <summary>Whether the context has been told to stop all work.</summary>
    public static bool IsCanceled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };
}
