using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Reductions, orders and running sums.</content>
    public unsafe partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Made(Native.sum(Handle, Code(type)));

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dim) return Made(Native.sum_dims(Handle, d, dim.Length, keepdim ? 1 : 0, Code(type)));
        }

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => sum((ReadOnlySpan<long>)dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => Call.One(&Native.mean, this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions) return Made(Native.mean_dims(Handle, d, dimensions.Length, keepdim ? 1 : 0, Code(type)));
        }

        public Tensor var(bool unbiased = true) => Made(Native.var(Handle, unbiased ? 1 : 0));

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions) return Made(Native.var_dims(Handle, d, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0));
        }

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim], unbiased, keepdim, type);

        public Tensor std(bool unbiased = true) => Made(Native.std(Handle, unbiased ? 1 : 0));

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions) return Made(Native.std_dims(Handle, d, dimensions.Length, unbiased ? 1 : 0, keepdim ? 1 : 0));
        }

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std((ReadOnlySpan<long>)dimensions, unbiased, keepdim, type);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim], unbiased, keepdim, type);

        public (Tensor @var, Tensor mean) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.var_mean(Handle, &dim, 1, unbiased ? 1 : 0, keepdim ? 1 : 0, pair), pair);
        }

        public (Tensor std, Tensor mean) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.std_mean(Handle, &dim, 1, unbiased ? 1 : 0, keepdim ? 1 : 0, pair), pair);
        }

        public Tensor prod(ScalarType? type = null) => Made(Native.prod(Handle, Code(type)));

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) =>
            Made(Native.prod_dim(Handle, dim, keepdim ? 1 : 0, Code(type)));

        public Tensor norm(float p = 2.0f) => Made(Native.norm(Handle, p));

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Made(Native.norm_dim(Handle, dim, keepdim ? 1 : 0, p));

        public Tensor logsumexp(long dim, bool keepdim = false) => Made(Native.logsumexp(Handle, dim, keepdim ? 1 : 0));

        public Tensor max() => Call.One(&Native.max, this);

        public Tensor max(Tensor other) => maximum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.max_dim(Handle, dim, keepdim ? 1 : 0, pair), pair);
        }

        public Tensor min() => Call.One(&Native.min, this);

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.min_dim(Handle, dim, keepdim ? 1 : 0, pair), pair);
        }

        public Tensor median() => Call.One(&Native.median, this);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* d = dims) return Into(@out, Made(Native.amax(Handle, d, dims.Length, keepdim ? 1 : 0)));
        }

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amax(params long[] dims) => amax((ReadOnlySpan<long>)dims);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null)
        {
            fixed (long* d = dims) return Into(@out, Made(Native.amin(Handle, d, dims.Length, keepdim ? 1 : 0)));
        }

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amin(params long[] dims) => amin((ReadOnlySpan<long>)dims);

        public Tensor argmax() => Call.One(&Native.argmax, this);

        public Tensor argmax(long dim, bool keepdim = false) => Made(Native.argmax_dim(Handle, dim, keepdim ? 1 : 0));

        public Tensor argmin() => Call.One(&Native.argmin, this);

        public Tensor argmin(long dim, bool keepdim = false) => Made(Native.argmin_dim(Handle, dim, keepdim ? 1 : 0));

        public Tensor all() => Call.One(&Native.all, this);

        public Tensor all(long dim, bool keepdim = false) => Made(Native.all_dim(Handle, dim, keepdim ? 1 : 0));

        public Tensor any() => Call.One(&Native.any, this);

        public Tensor any(long dim, bool keepdim = false) => Made(Native.any_dim(Handle, dim, keepdim ? 1 : 0));

        public Tensor trace() => Call.One(&Native.trace, this);

        public Tensor count_nonzero(long[]? dims = null)
        {
            fixed (long* d = dims) return Made(Native.count_nonzero(Handle, d, dims?.Length ?? 0));
        }

        public Tensor bincount(Tensor? weights, long minlength = 0) => Made(Native.bincount(Handle, Bound(weights), minlength), weights);

        public Tensor cumsum(long dim, ScalarType? type = null) => Made(Native.cumsum(Handle, dim, Code(type)));

        public Tensor cumprod(long dim, ScalarType? type = null) => Made(Native.cumprod(Handle, dim, Code(type)));

        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(Native.softmax(Handle, dim, Code(dtype)));

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(Native.log_softmax(Handle, dim, Code(dtype)));

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.topk(Handle, k, dim, largest ? 1 : 0, sorted ? 1 : 0, pair), pair);
        }

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            var pair = stackalloc IntPtr[2];
            return Pair(Native.sort(Handle, dim, descending ? 1 : 0, stable ? 1 : 0, pair), pair);
        }

        public Tensor argsort(long dim = -1, bool descending = false) => Made(Native.argsort(Handle, dim, descending ? 1 : 0));

        private static int Code(ScalarType? type) => type is { } given ? (int)given : -1;

        private static Tensor Into(Tensor? target, Tensor made)
        {
            if (target is null) return made;
            using (made) return target.copy_(made);
        }

        private (Tensor, Tensor) Pair(int status, IntPtr* pair)
        {
            GC.KeepAlive(this);
            Call.Done(status);
            return (new Tensor(pair[0]), new Tensor(pair[1]));
        }
    }
}
