using System.Globalization;

namespace Microsoft.ML.Distributed;

/// <summary>What launchers tell the processes that they start, before any library is loaded.</summary>
internal static class MpiLauncher
{
    private const string OpenMpi = "OMPI_COMM_WORLD_RANK";

    /// <summary>The rank of this process; null where no launcher started it.</summary>
    internal static int? Rank => ((string[])[OpenMpi, "PMI_RANK", "PMIX_RANK"]).Select(Environment.GetEnvironmentVariable).FirstOrDefault(one => one is not null) is { } rank
        && int.TryParse(rank, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Whether it was Open MPI's.</summary>
    internal static bool IsOpenMpi => Environment.GetEnvironmentVariable(OpenMpi) is not null;
}
