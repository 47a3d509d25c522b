using System.Collections;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A vector, dense or sparse, over arrays that getters reuse. Write it through <see cref="VBufferEditor"/>.</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    /// <summary>The logical number of items.</summary>
    public readonly int Length;

    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    /// <summary>A dense vector over the given array; the indices are kept only as a buffer.</summary>
    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam((values?.Length ?? 0) >= length, nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    /// <summary>A vector with <paramref name="count"/> explicit items at increasing indices.</summary>
    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Contracts.CheckParam(length >= 0, nameof(length));
        Contracts.CheckParam(count >= 0 && count <= length, nameof(count));
        Contracts.CheckParam((values?.Length ?? 0) >= count, nameof(values));
        Contracts.CheckParam(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    /// <summary>Whether every item is explicit.</summary>
    public bool IsDense => _count == Length;

    /// <summary>The explicit items.</summary>
    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    /// <summary>Where the explicit items stand; empty for a dense vector.</summary>
    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    /// <summary>Copies all items into a dense vector.</summary>
    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>Copies the vector as it is, reusing the destination's arrays.</summary>
    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    /// <summary>Copies all items.</summary>
    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    /// <summary>Copies all items from an index on, with a value for those that are not explicit.</summary>
    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default(T))
    {
        Contracts.CheckParam(destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination), "Not large enough to hold these values.");
        var target = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(target);
            return;
        }

        // A vector without explicit items writes zeros whatever the default value is: the real one does.
        target.Fill(_count == 0 ? default : defaultValue);
        for (var i = 0; i < _count; i++)
        {
            target[_indices[i]] = _values[i];
        }
    }

    /// <summary>The items with their indices, the implicit ones only if <paramref name="all"/>.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        if (!all && !IsDense)
        {
            return SparseItems(_values, _indices, _count);
        }

        return DenseValues().Select((value, index) => new KeyValuePair<int, T>(index, value));
    }

    /// <summary>All items in order.</summary>
    public IEnumerable<T> DenseValues() => AllValues(_values, IsDense ? null : _indices, _count, Length);

    /// <summary>Reads one item.</summary>
    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    /// <summary>One item; the default value if it is not explicit.</summary>
    public T GetItemOrDefault(int index)
    {
        Contracts.CheckParam(index >= 0 && index < Length, nameof(index));
        if (IsDense)
        {
            return _values[index];
        }

        var at = GetIndices().BinarySearch(index);
        return at >= 0 ? _values[at] : default;
    }

    /// <inheritdoc/>
    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    internal VBufferEditor<T> GetEditor(int newLogicalLength, int? valuesCount, bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        Contracts.CheckParam(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        Contracts.CheckParam(valuesCount is null or >= 0, nameof(valuesCount), "If specified, must be non-negative.");
        Contracts.CheckParam(valuesCount is null || valuesCount <= newLogicalLength, nameof(valuesCount), $"If specified, must be no greater than {nameof(newLogicalLength)}");

        var count = valuesCount ?? newLogicalLength;
        var values = Fit(_values, count, keepOldOnResize, out var createdValues);
        var indices = _indices;
        var createdIndices = false;
        if (count < newLogicalLength || requireIndicesOnDense)
        {
            indices = Fit(_indices, count, keepOldOnResize, out createdIndices);
        }

        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense, createdValues, createdIndices);
    }

    private static TItem[] Fit<TItem>(TItem[] array, int count, bool keepOld, out bool created)
    {
        created = (array?.Length ?? 0) < count;
        if (!created)
        {
            return array;
        }

        // Grow by half as well, so that rows of growing size do not allocate every time.
        var grown = array == null ? count : (int)Math.Max(count, Math.Min(Array.MaxLength, array.Length * 3L / 2));
        if (keepOld)
        {
            Array.Resize(ref array, grown);
            return array;
        }

        return new TItem[grown];
    }

    private static IEnumerable<KeyValuePair<int, T>> SparseItems(T[] values, int[] indices, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new(indices[i], values[i]);
        }
    }

    private static IEnumerable<T> AllValues(T[] values, int[] indices, int count, int length)
    {
        var next = 0;
        for (var i = 0; i < length; i++)
        {
            var explicitItem = indices == null || (next < count && indices[next] == i);
            yield return explicitItem ? values[next++] : default;
        }
    }
}
