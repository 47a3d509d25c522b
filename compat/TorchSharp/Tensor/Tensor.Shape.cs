using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Views and rearrangements.</content>
    public unsafe partial class Tensor
    {
        public Tensor view(params long[] shape)
        {
            fixed (long* s = shape) return Made(Native.view(Handle, s, shape.Length));
        }

        public Tensor reshape(params long[] shape)
        {
            fixed (long* s = shape) return Made(Native.reshape(Handle, s, shape.Length));
        }

        public Tensor permute(params long[] permutation)
        {
            fixed (long* p = permutation) return Made(Native.permute(Handle, p, permutation.Length));
        }

        public Tensor transpose(long dim0, long dim1) => Made(Native.transpose(Handle, dim0, dim1));

        public Tensor t() => Call.One(&Native.t, this);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Made(Native.squeeze_dim(Handle, d)) : Call.One(&Native.squeeze, this);

        public Tensor unsqueeze(long dim) => Made(Native.unsqueeze(Handle, dim));

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* s = sizes) return Made(Native.expand(Handle, s, sizes.Length, isImplicit ? 1 : 0));
        }

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);

        public Tensor flip(params long[] dims)
        {
            fixed (long* d = dims) return Made(Native.flip(Handle, d, dims.Length));
        }

        public Tensor roll(long shifts, long? dims = null) => Roll([shifts], dims is { } d ? [d] : []);

        public Tensor narrow(long dim, long start, long length) => Made(Native.narrow(Handle, dim, start, length));

        public Tensor select(long dim, long index) => Made(Native.select(Handle, dim, index));

        private Tensor Roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims)
        {
            fixed (long* s = shifts, d = dims) return Made(Native.roll(Handle, s, shifts.Length, d, dims.Length));
        }
    }
}
