using System.Runtime.CompilerServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

/// <summary>PyTorch's functions under PyTorch's names, computed by the machine's own libtorch.</summary>
public static partial class torch
{
    private static ScalarType _defaultType = ScalarType.Float32;
    private static Device _defaultDevice = CPU;

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
        device ??= _defaultDevice;
        InitializeDeviceType(device.type);
        return device;
    }

    public static ScalarType get_default_dtype() => _defaultType;

    public static void set_default_dtype(ScalarType dtype)
    {
        if (!is_floating_point(dtype)) throw new ArgumentException("The default type must be a floating-point type.");
        _defaultType = dtype;
    }

    public static Device get_default_device() => _defaultDevice;

    public static void set_default_device(Device device) => _defaultDevice = device ?? throw new ArgumentNullException(nameof(device));

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static int get_num_threads() => Native.get_num_threads();

    public static void set_num_threads(int num) => Call.Done(Native.set_num_threads(num));

    public static int get_num_interop_threads() => Native.get_num_interop_threads();

    public static void set_num_interop_threads(int num) => Call.Done(Native.set_num_interop_threads(num));

    public static partial class random
    {
        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        public static Generator manual_seed(long seed)
        {
            Call.Done(Native.manual_seed((ulong)seed));
            return Generator.Default;
        }

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }

    public static long seed() => random.seed();

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class cuda
    {
        public static bool is_available() => Native.cuda_available() != 0;

        public static bool is_cudnn_available() => Native.cudnn_available() != 0;

        public static int device_count() => Native.cuda_device_count();

        public static void synchronize(Device? device = null) => Call.Done(Native.cuda_synchronize(device?.index ?? -1));
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.get_allow_tf32_cublas() != 0;
                    set => Call.Done(Native.set_allow_tf32_cublas(value ? 1 : 0));
                }
            }
        }

        public static partial class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.get_allow_tf32_cudnn() != 0;
                set => Call.Done(Native.set_allow_tf32_cudnn(value ? 1 : 0));
            }
        }
    }
}
