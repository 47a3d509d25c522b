using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe Tensor rand(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        fixed (long* s = size) return Drawn(Native.rand(s, size.Length, Tensor.Source(generator), New(dtype, device, requires_grad)), generator);
    }

    public static Tensor rand(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        rand([size], dtype, device, requires_grad, generator, names);
}
