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

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor reshape(params long[] shape)
        {
            fixed (long* s = shape) return Made(Native.reshape(Handle, s, shape.Length));
        }

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Made(Native.flatten(Handle, start_dim, end_dim));

        public Tensor unflatten(long dim, params long[] sizes)
        {
            fixed (long* s = sizes) return Made(Native.unflatten(Handle, dim, s, sizes.Length));
        }

        public Tensor ravel() => reshape(-1);

        public Tensor permute(params long[] permutation)
        {
            fixed (long* p = permutation) return Made(Native.permute(Handle, p, permutation.Length));
        }

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor transpose(long dim0, long dim1) => Made(Native.transpose(Handle, dim0, dim1));

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination)
        {
            fixed (long* s = source, d = destination) return Made(Native.movedim(Handle, s, source.Length, d, destination.Length));
        }

        public Tensor t() => Call.One(&Native.t, this);

        public Tensor T => ndim == 2 ? t() : permute(Enumerable.Range(0, (int)ndim).Reverse().Select(d => (long)d));

        public Tensor mT => transpose(-2, -1);

        public Tensor mH => transpose(-2, -1);

        public Tensor squeeze(long? dim = null) => dim is { } d ? Made(Native.squeeze_dim(Handle, d)) : Call.One(&Native.squeeze, this);

        public Tensor squeeze_(long? dim = null) => Here(dim is { } d ? Native.squeeze_dim_(Handle, d) : Native.squeeze_(Handle));

        public Tensor unsqueeze(long dim) => Made(Native.unsqueeze(Handle, dim));

        public Tensor unsqueeze_(long dim) => Here(Native.unsqueeze_(Handle, dim));

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            fixed (long* s = sizes) return Made(Native.expand(Handle, s, sizes.Length, isImplicit ? 1 : 0));
        }

        public Tensor expand(long[] sizes, bool isImplicit = false) => expand((ReadOnlySpan<long>)sizes, isImplicit);

        public Tensor expand(params long[] sizes) => expand((ReadOnlySpan<long>)sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor broadcast_to(params long[] shape) => expand((ReadOnlySpan<long>)shape);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L)
        {
            fixed (long* s = size, t = strides) return Made(Native.as_strided(Handle, s, size.Length, t, strides.Length, storageOffset));
        }

        public Tensor repeat(params long[] sizes)
        {
            fixed (long* s = sizes) return Made(Native.repeat(Handle, s, sizes.Length));
        }

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Made(Native.repeat_interleave(Handle, repeats, dim ?? 0, dim is null ? 0 : 1));

        public Tensor tile(long[] reps)
        {
            fixed (long* r = reps) return Made(Native.tile(Handle, r, reps.Length));
        }

        public Tensor flip(params long[] dims)
        {
            fixed (long* d = dims) return Made(Native.flip(Handle, d, dims.Length));
        }

        public Tensor fliplr() => flip(1);

        public Tensor flipud() => flip(0);

        public Tensor roll(long shifts, long? dims = null) => Roll([shifts], dims is { } d ? [d] : []);

        public Tensor roll((long, long) shifts, (long, long) dims) => Roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor roll(long[] shifts, long[] dims) => Roll(shifts, dims);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Roll(shifts, dims);

        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            var (from, to) = dims ?? (0, 1);
            return Made(Native.rot90(Handle, k, from, to));
        }

        public Tensor narrow(long dim, long start, long length) => Made(Native.narrow(Handle, dim, start, length));

        public Tensor select(long dim, long index) => Made(Native.select(Handle, dim, index));

        public Tensor slice(long dim, long start, long finish, long step) => Made(Native.slice(Handle, dim, start, finish, step));

        public Tensor unfold(long dimension, long size, long step) => Made(Native.unfold(Handle, dimension, size, step));

        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Made(Native.diagonal(Handle, offset, dim1, dim2));

        public Tensor diag(long diagonal = 0) => Made(Native.diag(Handle, diagonal));

        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Made(Native.diag_embed(Handle, offset, dim1, dim2));

        public Tensor tril(long diagonal = 0) => Made(Native.tril(Handle, diagonal));

        public Tensor triu(long diagonal = 0) => Made(Native.triu(Handle, diagonal));

        private Tensor Roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims)
        {
            fixed (long* s = shifts, d = dims) return Made(Native.roll(Handle, s, shifts.Length, d, dims.Length));
        }
    }
}
