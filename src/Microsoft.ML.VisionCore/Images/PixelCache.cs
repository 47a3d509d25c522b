namespace Microsoft.ML.VisionCore.Images;

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
