using System.Runtime.CompilerServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Indexing, gathering and scattering.</content>
    public unsafe partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At([i1]);
            set => Put([i1], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => Put([i1, i2], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => Put([i1, i2, i3], value);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => Put([i1, i2, i3, i4], value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            fixed (IndexItem* items = Items(indices))
            {
                var picked = Made(Native.python_index(Handle, items, indices.Length));
                GC.KeepAlive(indices);
                return picked;
            }
        }

        public Tensor index(params Tensor[] indices)
        {
            fixed (IntPtr* t = Call.Handles(indices))
            {
                var picked = Made(Native.index(Handle, t, indices.Length));
                GC.KeepAlive(indices);
                return picked;
            }
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            fixed (IndexItem* items = Items(indices)) Here(Native.python_index_put(Handle, items, indices.Length, value.Handle), value);
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            fixed (IndexItem* items = Items(indices)) Here(Native.python_index_put_scalar(Handle, items, indices.Length, value.Value));
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            fixed (IntPtr* t = Call.Handles(indices)) Here(Native.index_put_(Handle, t, indices.Length, value.Handle, accumulate ? 1 : 0), value);
            GC.KeepAlive(indices);
            return this;
        }

        public Tensor index_select(long dim, Tensor index) => Made(Native.index_select(Handle, dim, index.Handle), index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Made(Native.index_add(Handle, dim, index.Handle, source.Handle, alpha.Value), index, source);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Here(Native.index_add_(Handle, dim, index.Handle, source.Handle, alpha.Value), index, source);

        public Tensor index_copy(long dim, Tensor index, Tensor source) =>
            Made(Native.index_copy(Handle, dim, index.Handle, source.Handle), index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) =>
            Here(Native.index_copy_(Handle, dim, index.Handle, source.Handle), index, source);

        public Tensor gather(long dim, Tensor index) => Made(Native.gather(Handle, dim, index.Handle), index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Made(Native.scatter(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Here(Native.scatter_(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) =>
            Made(Native.scatter_add(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) =>
            Here(Native.scatter_add_(Handle, dim, index.Handle, src.Handle), index, src);

        public Tensor masked_fill(Tensor mask, Scalar value) => Made(Native.masked_fill(Handle, mask.Handle, value.Value), mask);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Here(Native.masked_fill_(Handle, mask.Handle, value.Value), mask);

        public Tensor masked_select(Tensor mask) => Call.Two(&Native.masked_select, this, mask);

        public Tensor take(Tensor index) => Call.Two(&Native.take, this, index);

        public Tensor nonzero() => Call.One(&Native.nonzero, this);

        private static IndexItem[] Items(TensorIndex[] indices) => Array.ConvertAll(indices, index => index.Item);

        private Tensor At(ReadOnlySpan<long> numbers)
        {
            var items = stackalloc IndexItem[numbers.Length];
            for (var i = 0; i < numbers.Length; i++) items[i] = new IndexItem { Kind = 1, Given = 1, Start = numbers[i] };
            return Made(Native.python_index(Handle, items, numbers.Length));
        }

        private void Put(ReadOnlySpan<long> numbers, Tensor value)
        {
            var items = stackalloc IndexItem[numbers.Length];
            for (var i = 0; i < numbers.Length; i++) items[i] = new IndexItem { Kind = 1, Given = 1, Start = numbers[i] };
            Here(Native.python_index_put(Handle, items, numbers.Length, value.Handle), value);
        }
    }
}
