using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (whole ? ScalarType.Int64 : _defaultType);
        return Call.Made(Native.arange(start.Value, stop.Value, step.Value, New(type, device, requires_grad)));
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Call.Made(Native.linspace(start, end, steps, New(dtype, device, requires_grad)));

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Call.Made(Native.eye(rows, columns == -1 ? rows : columns, New(dtype, device, requires_grad)));

    public static unsafe Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        fixed (long* s = size)
        {
            return Drawn(
                Native.randint(low, high, s, size.Length, Tensor.Source(generator), New(dtype ?? ScalarType.Int64, device, requires_grad)),
                generator);
        }
    }

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Drawn(Native.randperm(n, Tensor.Source(generator), New(dtype ?? ScalarType.Int64, device, false)), generator);

    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) =>
        input.multinomial(num_samples, replacement, generator);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randn(size, dtype, device, false, generator, names).mul_(std).add_(mean).requires_grad_(requires_grad);

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Copied(rawArray, Dimensions(rawArray), TypeOf(rawArray.GetType().GetElementType()!), dtype, device, requires_grad);

    /// <summary>The options of a new tensor: what is not said is the default type and the default device.</summary>
    private static Options New(ScalarType? dtype, Device? device, bool requiresGrad) =>
        new(dtype ?? _defaultType, InitializeDevice(device), requiresGrad);

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

    private static unsafe Tensor Copied(Array values, ReadOnlySpan<long> dimensions, ScalarType type, ScalarType? target, Device? device, bool requiresGrad)
    {
        Sized(values.LongLength, dimensions);
        var pinned = GCHandle.Alloc(values, GCHandleType.Pinned);
        try
        {
            fixed (long* shape = dimensions)
            {
                return Call.Made(Native.from_data(
                    (void*)pinned.AddrOfPinnedObject(), Buffer.ByteLength(values), (int)type, shape, dimensions.Length,
                    new Options(target ?? type, InitializeDevice(device), requiresGrad)));
            }
        }
        finally
        {
            pinned.Free();
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
