using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe Tensor randn(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        fixed (long* s = size) return Drawn(Native.randn(s, size.Length, Tensor.Source(generator), New(dtype, device, requires_grad)), generator);
    }
}
