namespace Microsoft.ML.VisionCore.Images;

/// <summary>The usable rows of a data view, decoded: of each its class and its pixels.</summary>
internal sealed class ImageStore(int side, long memoryBudget) : IDisposable
{
    private readonly List<int> _labels = [];

    public int Side => side;

    public PixelCache Cache { get; } = new(3 * side * side, memoryBudget);

    /// <summary>The usable rows.</summary>
    public int Count => _labels.Count;

    /// <summary>The class of a row, from 0.</summary>
    public int Label(int row) => _labels[row];

    /// <exception cref="IOException">The pixels do not fit into memory and the temporary file cannot be written.</exception>
    public void Add(DecodingCursor.Row row)
    {
        _labels.Add((int)row.Key - 1);
        Cache.Add(row.Pixels);
    }

    public void Dispose() => Cache.Dispose();
}
