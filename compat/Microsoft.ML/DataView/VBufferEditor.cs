using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Opens vectors for writing.</summary>
public static class VBufferEditor
{
    /// <summary>
    /// Starts a new value on the vector's arrays, which are replaced where they are too small. Without
    /// <paramref name="valuesCount"/> the new value is dense.
    /// </summary>
    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
        => destination.GetEditor(newLogicalLength, valuesCount, keepOldOnResize, requireIndicesOnDense);
}

/// <summary>The writable arrays of a vector in the making.</summary>
public readonly ref struct VBufferEditor<T>
{
    /// <summary>The explicit items.</summary>
    public readonly Span<T> Values;

    /// <summary>Where the explicit items stand; empty for a dense vector.</summary>
    public readonly Span<int> Indices;

    private readonly int _length;
    private readonly T[] _values;
    private readonly int[] _indices;

    internal VBufferEditor(int length, int count, T[] values, int[] indices, bool requireIndicesOnDense, bool createdNewValues, bool createdNewIndices)
    {
        _length = length;
        _values = values;
        _indices = indices;
        Values = values.AsSpan(0, count);
        Indices = count < length || requireIndicesOnDense ? indices.AsSpan(0, count) : default;
        CreatedNewValues = createdNewValues;
        CreatedNewIndices = createdNewIndices;
    }

    /// <summary>Whether the old array of values was too small.</summary>
    public bool CreatedNewValues { get; }

    /// <summary>Whether the old array of indices was too small.</summary>
    public bool CreatedNewIndices { get; }

    /// <summary>The finished vector.</summary>
    public VBuffer<T> Commit() => new(_length, Values.Length, _values, _indices);

    /// <summary>The finished vector with fewer explicit items than were asked for.</summary>
    public VBuffer<T> CommitTruncated(int physicalValuesCount)
    {
        Contracts.CheckParam(physicalValuesCount <= Values.Length, nameof(physicalValuesCount), "There are fewer values than that.");
        return new(_length, physicalValuesCount, _values, _indices);
    }
}
