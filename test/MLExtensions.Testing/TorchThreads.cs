using System.Globalization;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace MLExtensions.Testing;

/// <summary>
/// How many threads torch has in tests: one, or what TEST_THREADS says. They work on small tensors, where a second thread gains nothing; on a busy machine, waiting for it makes them ten times slower.
/// </summary>
public static class TorchThreads
{
    /// <summary>Sets them for this process and for the processes that its tests start.</summary>
    public static void Use()
    {
        var threads = Environment.GetEnvironmentVariable("TEST_THREADS") ?? "1";
        Environment.SetEnvironmentVariable("OMP_NUM_THREADS", threads);
        TorchRuntime.Load(); // torch is used before anything of the libraries is
        set_num_threads(int.Parse(threads, CultureInfo.InvariantCulture));
    }
}
