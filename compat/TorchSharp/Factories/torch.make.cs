using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (whole ? ScalarType.Int64 : DefaultType);
        return Call.Made(Native.arange(start.Value, stop.Value, step.Value, New(type, device, requires_grad)));
    }

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call.Made(Native.eye(rows, columns == -1 ? rows : columns, New(dtype, device, requires_grad)));

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Drawn(Native.randperm(n, Tensor.Source(generator), New(dtype ?? ScalarType.Int64, device, false)), generator);

    /// <summary>The options of a new tensor: what is not said is Float32, and the processor.</summary>
    private static Options New(ScalarType? dtype, Device? device, bool requiresGrad) =>
        new(dtype ?? DefaultType, InitializeDevice(device), requiresGrad);

    private static Tensor Drawn(IntPtr made, Generator? generator)
    {
        GC.KeepAlive(generator);
        return Call.Made(made);
    }

    private static Tensor Single(Scalar value, ScalarType type, Device? device, bool requiresGrad) =>
        Call.Made(Native.scalar_tensor(value.Value, new Options(type, InitializeDevice(device), requiresGrad)));

    private static unsafe Tensor Copied<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType type, ScalarType? target, Device? device, bool requiresGrad)
        where T : unmanaged
    {
        fixed (T* data = values)
        fixed (long* shape = dimensions)
        {
            Sized(values.Length, dimensions);
            return Call.Made(Native.from_data(
                data, (long)values.Length * sizeof(T), (int)type, shape, dimensions.Length,
                new Options(target ?? type, InitializeDevice(device), requiresGrad)));
        }
    }

    private static void Sized(long length, ReadOnlySpan<long> dimensions)
    {
        long needed = 1;
        foreach (var size in dimensions) needed *= size;
        if (needed > length) throw new ArgumentException($"mismatched total size creating a tensor from an array: {needed} vs. {length}");
    }

    private static ReadOnlySpan<T> Flat<T>(Array values) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length);

    private static long[] Dimensions(Array values)
    {
        var dimensions = new long[values.Rank];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = values.GetLongLength(i);
        return dimensions;
    }
}
