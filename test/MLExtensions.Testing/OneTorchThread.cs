using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace MLExtensions.Testing;

/// <summary>
/// Tests work on small tensors, where a second torch thread gains nothing; on a busy machine, waiting for it makes them ten times slower.
/// </summary>
public static class OneTorchThread
{
    /// <summary>One torch thread for this process and for the processes that its tests start.</summary>
    public static void Use()
    {
        TorchRuntime.Prepare(); // torch is used before anything of the libraries is
        Environment.SetEnvironmentVariable("OMP_NUM_THREADS", "1");
        set_num_threads(1);
    }
}
