using System.Runtime.InteropServices;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Numbers that a frozen network made of images, in half precision: in memory as far as a budget goes, and past it in a file that is gone when this is
/// disposed of (bottleneck features).
/// </summary>
internal sealed class FeatureCache : IDisposable
{
    private readonly int _length;
    private readonly int _inMemory;
    private readonly Half[][] _memory;
    private readonly TemporaryFile? _file;

    /// <param name="count">The number of entries.</param>
    /// <param name="length">The numbers of each.</param>
    /// <param name="memoryBudget">The bytes that may be held in memory.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public FeatureCache(int count, int length, long memoryBudget)
    {
        _length = length;
        _inMemory = (int)Math.Min(count, Math.Max(0, memoryBudget) / Bytes);
        _memory = new Half[_inMemory][];
        if (_inMemory < count)
        {
            _file = new TemporaryFile("features");
        }
    }

    private long Bytes => 2L * _length;

    /// <summary>Keeps an entry.</summary>
    /// <exception cref="IOException">The file cannot be written, for want of space for instance.</exception>
    public void Write(int index, ReadOnlySpan<Half> features)
    {
        if (index < _inMemory)
        {
            _memory[index] = features.ToArray();
        }
        else
        {
            _file!.Write(MemoryMarshal.AsBytes(features), (index - _inMemory) * Bytes);
        }
    }

    /// <summary>Gives an entry back. Safe to call from several threads.</summary>
    public void Read(int index, Span<Half> features)
    {
        if (index < _inMemory)
        {
            _memory[index].CopyTo(features);
        }
        else
        {
            _file!.Read(MemoryMarshal.AsBytes(features), (index - _inMemory) * Bytes);
        }
    }

    public void Dispose() => _file?.Dispose();
}
