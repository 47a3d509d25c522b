using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Images;

/// <summary>Shuffled, varied batches of a data set. A background thread fills arrays; the thread that takes the batches makes the tensors.</summary>
/// <remarks>Rows that do not fill a batch are left out of the epoch; another order leaves out others in the next. A set smaller than a batch is one batch.</remarks>
internal sealed class ImageBatchReader : IBatchSource<ImageBatch>
{
    private const int BatchesAhead = 4;
    private const int EvaluatedAhead = 2;

    private readonly ImageDataSet _images;
    private readonly Augmentation _augmentation;
    private readonly int _batchSize;
    private readonly int _seed;
    private readonly Device _device;

    public ImageBatchReader(ImageDataSet images, Augmentation augmentation, int batchSize, int seed, Device device)
    {
        _images = images;
        _augmentation = augmentation;
        _batchSize = Math.Min(batchSize, images.Count);
        _seed = seed;
        _device = device;
    }

    public int BatchesPerEpoch => _images.Count / _batchSize;

    public IEnumerable<ImageBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        foreach (var (pixels, labels) in LookAhead.Run(Fill(epoch, firstBatch), BatchesAhead, cancellationToken))
        {
            yield return ImageBatch.Create(pixels, labels, _images.Side, _device);
        }
    }

    /// <summary>All images of a data set once, in order and as they are; the last batch may be smaller. Whoever takes a batch disposes it.</summary>
    public static IEnumerable<ImageBatch> ReadAll(ImageDataSet images, int batchSize, Device device, CancellationToken cancellationToken)
    {
        foreach (var (pixels, labels) in LookAhead.Run(Fill(images, batchSize), EvaluatedAhead, cancellationToken))
        {
            yield return ImageBatch.Create(pixels, labels, images.Side, device);
        }
    }

    public void Dispose()
    {
    }

    private static IEnumerable<(byte[] Pixels, long[] Labels)> Fill(ImageDataSet images, int batchSize)
    {
        var imageBytes = 3 * images.Side * images.Side;
        foreach (var rows in images.Rows.Chunk(batchSize))
        {
            var pixels = new byte[rows.Length * imageBytes];
            for (var i = 0; i < rows.Length; i++)
            {
                images.Store.Cache.Read(rows[i], pixels.AsSpan(i * imageBytes, imageBytes));
            }

            yield return (pixels, Array.ConvertAll(rows, row => (long)images.Store.Label(row)));
        }
    }

    private IEnumerable<(byte[] Pixels, long[] Labels)> Fill(int epoch, int firstBatch)
    {
        var order = SeededRandom.EpochOrder(_images.Rows, _seed, epoch);
        var imageBytes = 3 * _images.Side * _images.Side;
        var image = new byte[imageBytes];
        for (var batch = firstBatch; batch < BatchesPerEpoch; batch++)
        {
            var pixels = new byte[_batchSize * imageBytes];
            var labels = new long[_batchSize];
            for (var i = 0; i < _batchSize; i++)
            {
                var row = order[(batch * _batchSize) + i];
                _images.Store.Cache.Read(row, image);
                _augmentation.Apply(image, _images.Side, _seed, epoch, row, pixels.AsSpan(i * imageBytes, imageBytes));
                labels[i] = _images.Store.Label(row);
            }

            yield return (pixels, labels);
        }
    }
}
