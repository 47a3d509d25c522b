using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>One tensor into several.</content>
    public unsafe partial class Tensor
    {
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0)
        {
            var parts = new IntPtr[sizes.Length];
            fixed (long* s = sizes)
            fixed (IntPtr* p = parts) return Parts(Native.split_sizes(Handle, s, sizes.Length, dim, p, parts.Length), parts);
        }

        public Tensor[] chunk(long chunks, long dim = 0L)
        {
            var parts = new IntPtr[Math.Max(1, chunks)];
            fixed (IntPtr* p = parts) return Parts(Native.chunk(Handle, chunks, dim, p, parts.Length), parts);
        }

        public Tensor[] unbind(long dimension = 0L)
        {
            var parts = new IntPtr[Length(dimension)];
            fixed (IntPtr* p = parts) return Parts(Native.unbind(Handle, dimension, p, parts.Length), parts);
        }

        /// <summary>The length of a dimension, which may be counted from the end.</summary>
        private long Length(long dim)
        {
            long length;
            Call.Done((int)Kept(Native.size(Handle, dim, &length)));
            return length;
        }

        private Tensor[] Parts(long count, IntPtr[] parts)
        {
            GC.KeepAlive(this);
            return count >= 0 ? Call.Wrap(parts.AsSpan(0, (int)count)) : throw Call.Failure();
        }
    }
}
