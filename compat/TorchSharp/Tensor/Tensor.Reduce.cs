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

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);

        public Tensor mean() => Call.One(&Native.mean, this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        {
            fixed (long* d = dimensions) return Made(Native.mean_dims(Handle, d, dimensions.Length, keepdim ? 1 : 0, Code(type)));
        }

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => Made(Native.norm_dim(Handle, dim, keepdim ? 1 : 0, p));

        public Tensor logsumexp(long dim, bool keepdim = false) => Made(Native.logsumexp(Handle, dim, keepdim ? 1 : 0));

        public Tensor max() => Call.One(&Native.max, this);

        public Tensor min() => Call.One(&Native.min, this);

        public Tensor argmax(long dim, bool keepdim = false) => Made(Native.argmax_dim(Handle, dim, keepdim ? 1 : 0));

        public Tensor all() => Call.One(&Native.all, this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Made(Native.softmax(Handle, dim, Code(dtype)));

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Made(Native.log_softmax(Handle, dim, Code(dtype)));

        private static int Code(ScalarType? type) => type is { } given ? (int)given : -1;
    }
}
