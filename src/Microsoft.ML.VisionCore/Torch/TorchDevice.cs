using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Turns ML.NET's GpuDeviceId and FallbackToCpu into a torch device.</summary>
internal static class TorchDevice
{
    private const string MissingKey = "MissingGpuDeviceId";

    /// <summary>Whether an exception says that a GPU is not there.</summary>
    internal static bool IsMissing(Exception exception) => exception.Data.Contains(MissingKey);

    /// <summary>The device that a component asks for, or else its context; the channel is told which it is.</summary>
    /// <exception cref="InvalidOperationException">A GPU was asked for, there is none of that index, and the CPU may not stand in.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot be loaded.</exception>
    internal static Device Resolve(IHostEnvironment environment, IChannel channel, int? gpuDeviceId = null, bool? fallbackToCpu = null) => Resolve(
        gpuDeviceId ?? CatalogEnvironment.GpuDeviceId(environment), fallbackToCpu ?? CatalogEnvironment.FallbackToCpu(environment),
        message => channel.Info(MessageSensitivity.None, message));

    /// <summary>The CUDA device of that index if one is asked for, else the CPU.</summary>
    /// <param name="gpuDeviceId">The index asked for, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU may stand in for a GPU that is not there.</param>
    /// <param name="log">Told which device is used.</param>
    /// <exception cref="InvalidOperationException">A GPU was asked for, there is none of that index, and the CPU may not stand in.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot be loaded.</exception>
    internal static Device Resolve(int? gpuDeviceId, bool fallbackToCpu, Action<string> log)
    {
        TorchRuntime.Load();
        if (gpuDeviceId is not { } index)
        {
            log($"Using the CPU ({OfCpu()}).");
            return CPU;
        }

        int count = cuda.is_available() ? cuda.device_count() : 0;
        if (index >= 0 && index < count)
        {
            log($"Using CUDA device {index} of {count}.");
            return device(DeviceType.CUDA, index);
        }

        string found = $"GpuDeviceId is {index}, but torch sees {(count == 0 ? "no CUDA device" : $"{count} CUDA device(s), numbered from 0")}.";
        if (!fallbackToCpu)
        {
            throw new InvalidOperationException($"{found} Set FallbackToCpu to use the CPU instead, or leave GpuDeviceId unset.") { Data = { [MissingKey] = index } };
        }

        log($"{found} Using the CPU ({OfCpu()}) because FallbackToCpu is set.");
        return CPU;
    }

    private static string OfCpu() => $"{get_num_threads()} threads{(TorchBackends.HasOneDnn ? "" : ", without oneDNN, whose convolutions are wrong on this machine")}";
}
