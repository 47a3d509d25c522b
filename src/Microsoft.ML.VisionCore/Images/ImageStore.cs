namespace Microsoft.ML.VisionCore.Images;

/// <summary>The usable rows of a data view: the first ones cached, the others known by their position and decoded again when they are asked for.</summary>
internal sealed class ImageStore(IDataView data, ImageColumn image, DataViewSchema.Column label, int side, long memoryBudget)
{
    private readonly List<int> _labels = [];
    private readonly List<long> _positions = [];

    public int Side => side;

    public PixelCache Cache { get; } = new(3 * side * side, memoryBudget);

    /// <summary>The usable rows.</summary>
    public int Count => _labels.Count;

    /// <summary>Whether a row has to be decoded again. The rows of which this is true come last, in the order of the data view.</summary>
    public bool IsStreamed(int row) => row >= Cache.Count;

    /// <summary>The class of a row, from 0.</summary>
    public int Label(int row) => _labels[row];

    public void Add(DecodingCursor.Row row)
    {
        _labels.Add((int)row.Key - 1);
        if (!Cache.TryAdd(row.Pixels))
        {
            _positions.Add(row.Position);
        }
    }

    /// <summary>The row at a position of the data view; -1 where that is no streamed row.</summary>
    public int StreamedRow(long position)
    {
        var index = _positions.BinarySearch(position);
        return index < 0 ? -1 : Cache.Count + index;
    }

    /// <summary>Decodes all rows, or the wanted of the streamed ones.</summary>
    public DecodingCursor Open(Func<long, bool>? isWanted = null) => new(data, image, label, side, isWanted);
}

/// <summary>Images of one size, kept as bytes up to a budget. Filled by one thread; then read by any number.</summary>
internal sealed class PixelCache
{
    /// <summary>Large enough to cost little bookkeeping, small enough to waste little of the budget.</summary>
    private const long BlockBytes = 16 << 20;

    private readonly int _imageBytes;
    private readonly int _imagesPerBlock;
    private readonly long _capacity;
    private readonly List<byte[]> _blocks = [];

    /// <param name="imageBytes">The size of every image.</param>
    /// <param name="budget">The bytes that the images together may take.</param>
    public PixelCache(int imageBytes, long budget)
    {
        _imageBytes = imageBytes;
        _imagesPerBlock = (int)Math.Max(1, BlockBytes / imageBytes);
        _capacity = Math.Max(0, budget) / imageBytes;
    }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => Slot(index);

    /// <summary>False where the budget is used up.</summary>
    public bool TryAdd(ReadOnlySpan<byte> image)
    {
        if (Count >= _capacity)
        {
            return false;
        }

        if (Count % _imagesPerBlock == 0)
        {
            _blocks.Add(new byte[Math.Min(_imagesPerBlock, _capacity - Count) * _imageBytes]);
        }

        image.CopyTo(Slot(Count++));
        return true;
    }

    public void Clear()
    {
        _blocks.Clear();
        Count = 0;
    }

    private Span<byte> Slot(int index) => _blocks[index / _imagesPerBlock].AsSpan(index % _imagesPerBlock * _imageBytes, _imageBytes);
}
