using System.Runtime.CompilerServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>PyTorch's functions under PyTorch's names, computed by the machine's own libtorch.</summary>
public static partial class torch
{
    private const ScalarType DefaultType = ScalarType.Float32;

    /// <summary>
    /// Gives libtorch one thread a processor for the work inside an operation, unless the environment says otherwise: .NET knows
    /// the limits of a container, OpenMP does not.
    /// </summary>
    [ModuleInitializer]
    internal static void UseEveryProcessor()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is { Length: > 0 }) return;
        try
        {
            _ = Native.set_num_threads(Environment.ProcessorCount);
        }
        catch (DllNotFoundException)
        {
            // The first operation says so again, at a place that the caller sees.
        }
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.CUDA => cuda.is_available(),
        DeviceType.MPS => false,
        _ => true,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.CPU || TryInitializeDeviceType(deviceType)) return;
        throw new InvalidOperationException($"The libtorch of this machine has no device of type {deviceType}.");
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= CPU;
        InitializeDeviceType(device.type);
        return device;
    }

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static int get_num_threads() => Native.get_num_threads();

    public static void set_num_threads(int num) => Call.Done(Native.set_num_threads(num));

    public static partial class random
    {
        public static Generator manual_seed(long seed)
        {
            Call.Done(Native.manual_seed((ulong)seed));
            return Generator.Default;
        }
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static partial class cuda
    {
        public static bool is_available() => Native.cuda_available() != 0;

        public static int device_count() => Native.cuda_device_count();
    }
}
