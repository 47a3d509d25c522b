using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index: a number, a slice, an ellipsis, a new axis, a boolean or a tensor.</summary>
    public struct TensorIndex
    {
        private const int NewAxis = 0, Number = 1, Everything = 2, Dots = 3, Boolean = 4, Picked = 5, Range = 6;

        private int _kind;
        private long? _start, _stop, _step;
        private Tensor? _tensor;

        public static TensorIndex Ellipsis = new() { _kind = Dots };

        public static TensorIndex None = new() { _kind = NewAxis };

        public static TensorIndex Null = new() { _kind = Everything };

        public static TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { _kind = Range, _start = start, _stop = stop, _step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, range.end);

        public static TensorIndex Slice(System.Range range) => Slice(At(range.Start), range.End.Equals(^0) ? null : At(range.End));

        public static TensorIndex Bool(bool value) => new() { _kind = Boolean, _start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { _kind = Number, _start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { _kind = Picked, _tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(System.Range range) => Slice(range);

        public static implicit operator TensorIndex(System.Index index) => Single(At(index));

        /// <summary>There so that an index written as tensors alone is not ambiguous; never called.</summary>
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("Should not be called.");

        internal readonly IndexItem Item => new()
        {
            Kind = _kind,
            Given = (_start is null ? 0 : 1) | (_stop is null ? 0 : 2) | (_step is null ? 0 : 4),
            Start = _start ?? 0,
            Stop = _stop ?? 0,
            Step = _step ?? 0,
            Tensor = _tensor is null ? IntPtr.Zero : _tensor.Handle,
        };

        private static long At(System.Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
