using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    // Tensors by size: empty.

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        empty((ReadOnlySpan<long>)size, dtype, device, requires_grad, names);

    public static unsafe Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        fixed (long* s = size) return Call.Made(Native.empty(s, size.Length, New(dtype, device, requires_grad)));
    }
}
