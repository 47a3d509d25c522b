using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A view of a tensor's elements from managed code; it holds on to the tensor.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private torch.Tensor? _tensor;
    private T* _first;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU) throw NotHere();
        _first = (T*)tensor.Address;
        _tensor = tensor;
    }

    public long Count => _tensor is { } tensor ? tensor.numel() : 0;

    public T[] ToArray()
    {
        var elements = new T[Count];
        if (elements.Length > 0) CopyTo(elements);
        return elements;
    }

    public T this[params long[] indices]
    {
        get => _first[Offset(indices)];
        set => _first[Offset(indices)] = value;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = Room(array.Length, arrayIndex, tensorIndex);
        var target = array.Slice(arrayIndex, count);
        if (Tensor.is_contiguous())
        {
            new ReadOnlySpan<T>(_first + tensorIndex, count).CopyTo(target);
            return;
        }

        var walk = new Walk(Tensor, tensorIndex);
        for (var i = 0; i < count; i++, walk.Next()) target[i] = _first[walk.Offset];
    }

    public IEnumerator<T> GetEnumerator()
    {
        var count = Count;
        if (count == 0) yield break;
        var walk = new Walk(Tensor, 0);
        for (long i = 0; i < count; i++, walk.Next()) yield return At(walk.Offset);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _first = null;
        _tensor = null;
    }

    private torch.Tensor Tensor => _tensor ?? throw new ObjectDisposedException(GetType().FullName);

    private T At(long offset) => _first[offset];

    private static InvalidOperationException NotHere() =>
        new("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");

    private int Room(int length, int arrayIndex, long tensorIndex)
    {
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return (int)Math.Min(length - arrayIndex, Count - tensorIndex);
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1) return Flat(indices[0]);
        var shape = Tensor.shape;
        var strides = Tensor.stride();
        long offset = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i]) throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            offset += indices[i] * strides[i];
        }

        return offset;
    }

    /// <summary>Where the element lies that row-major counting numbers so.</summary>
    private long Flat(long index)
    {
        if (index >= Count) throw new IndexOutOfRangeException();
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Tensor.is_contiguous() ? index : new Walk(Tensor, index).Offset;
    }

    /// <summary>Goes through the elements in row-major order, whatever the strides.</summary>
    private struct Walk
    {
        private readonly long[] _shape;
        private readonly long[] _strides;
        private readonly long[] _position;

        public Walk(torch.Tensor tensor, long start)
        {
            _shape = tensor.shape;
            _strides = tensor.stride();
            _position = new long[_shape.Length];
            for (var i = _shape.Length - 1; i >= 0; i--)
            {
                (start, _position[i]) = Math.DivRem(start, _shape[i]);
                Offset += _position[i] * _strides[i];
            }
        }

        public long Offset { get; private set; }

        public void Next()
        {
            for (var i = _shape.Length - 1; i >= 0; i--)
            {
                Offset += _strides[i];
                if (++_position[i] < _shape[i]) return;
                Offset -= _position[i] * _strides[i];
                _position[i] = 0;
            }
        }
    }
}
