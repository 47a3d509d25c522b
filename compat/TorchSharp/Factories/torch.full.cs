using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        fixed (long* s = size) return Call.Made(Native.full(s, size.Length, value.Value, New(dtype ?? TypeFor(value), device, requires_grad)));
    }

    private static ScalarType TypeFor(Scalar value) => value.Type == ScalarType.Float64 ? DefaultType : value.Type;
}
