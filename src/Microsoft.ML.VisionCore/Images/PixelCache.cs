namespace Microsoft.ML.VisionCore.Images;

/// <summary>
/// Images of one size as bytes: in memory as far as a budget goes, and past it in a file that is gone when this is disposed of. Filled by one thread; then
/// read by any number.
/// </summary>
internal sealed class PixelCache : IDisposable
{
    /// <summary>Large enough to cost little bookkeeping, small enough to waste little of the budget.</summary>
    private const long BlockBytes = 16 << 20;

    private readonly int _imageBytes;
    private readonly int _imagesPerBlock;
    private readonly long _capacity;
    private readonly List<byte[]> _blocks = [];
    private readonly string? _folder;
    private TemporaryFile? _file;

    /// <param name="imageBytes">The size of every image.</param>
    /// <param name="budget">The bytes that the images in memory together may take.</param>
    /// <param name="folder">Where the file is made; null is the system's folder for temporary files.</param>
    public PixelCache(int imageBytes, long budget, string? folder = null)
    {
        _folder = folder;
        _imageBytes = imageBytes;
        _imagesPerBlock = (int)Math.Max(1, BlockBytes / imageBytes);
        _capacity = Math.Max(0, budget) / imageBytes;
    }

    public int Count { get; private set; }

    /// <summary>An image in memory, where it lies.</summary>
    public ReadOnlySpan<byte> this[int index] => Slot(index);

    /// <summary>Keeps an image.</summary>
    /// <exception cref="IOException">The file cannot be made or written, for want of space for instance.</exception>
    public void Add(ReadOnlySpan<byte> image)
    {
        if (Count >= _capacity)
        {
            _file ??= new TemporaryFile("pixels", _folder);
            _file.Write(image, InFile(Count));
        }
        else
        {
            if (Count % _imagesPerBlock == 0)
            {
                _blocks.Add(new byte[Math.Min(_imagesPerBlock, _capacity - Count) * _imageBytes]);
            }

            image.CopyTo(Slot(Count));
        }

        Count++;
    }

    /// <summary>Copies an image from wherever it lies.</summary>
    public void Read(int index, Span<byte> image)
    {
        if (index < _capacity)
        {
            Slot(index).CopyTo(image);
        }
        else
        {
            _file!.Read(image, InFile(index));
        }
    }

    public void Dispose()
    {
        _blocks.Clear();
        _file?.Dispose();
    }

    private long InFile(int index) => (index - _capacity) * _imageBytes;

    private Span<byte> Slot(int index) => _blocks[index / _imagesPerBlock].AsSpan(index % _imagesPerBlock * _imageBytes, _imageBytes);
}
