using TorchSharp.PInvoke;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One part of an index: a number, a slice, an ellipsis or a new axis.</summary>
    public struct TensorIndex
    {
        private const int NewAxis = 0, Number = 1, Dots = 2, Range = 3;

        private int _kind;
        private long? _start, _stop, _step;

        public static TensorIndex Ellipsis = new() { _kind = Dots };

        public static TensorIndex None = new() { _kind = NewAxis };

        public static TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { _kind = Range, _start = start, _stop = stop, _step = step };

        public static TensorIndex Slice(System.Range range) => Slice(At(range.Start), range.End.Equals(^0) ? null : At(range.End));

        public static TensorIndex Single(long? index) => new() { _kind = Number, _start = index };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(System.Range range) => Slice(range);

        public static implicit operator TensorIndex(System.Index index) => Single(At(index));

        internal readonly IndexItem Item => new()
        {
            Kind = _kind,
            Given = (_start is null ? 0 : 1) | (_stop is null ? 0 : 2) | (_step is null ? 0 : 4),
            Start = _start ?? 0,
            Stop = _stop ?? 0,
            Step = _step ?? 0,
        };

        private static long At(System.Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
