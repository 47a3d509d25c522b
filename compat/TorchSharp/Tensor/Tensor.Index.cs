using System.Runtime.CompilerServices;
using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <content>Indexing and gathering.</content>
    public unsafe partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
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

        public Tensor index(params TensorIndex[] indices)
        {
            fixed (IndexItem* items = Items(indices))
            {
                var picked = Made(Native.python_index(Handle, items, indices.Length));
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

        public Tensor index_select(long dim, Tensor index) => Made(Native.index_select(Handle, dim, index.Handle), index);

        public Tensor gather(long dim, Tensor index) => Made(Native.gather(Handle, dim, index.Handle), index);

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
