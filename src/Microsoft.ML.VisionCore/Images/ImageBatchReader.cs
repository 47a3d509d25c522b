using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Torch;
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
    private readonly int[] _places;
    private readonly int _whole;

    /// <param name="images">All images.</param>
    /// <param name="augmentation">How they are varied.</param>
    /// <param name="batchSize">The images of a batch, of all processes.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="team">Who divides them; null for this process alone.</param>
    public ImageBatchReader(ImageDataSet images, Augmentation augmentation, int batchSize, int seed, Device device, Team? team = null)
    {
        _images = images;
        _augmentation = augmentation;
        _batchSize = Math.Min(batchSize, images.Count);
        _seed = seed;
        _device = device;
        _places = [.. ImageBatch.Places(_batchSize, team ?? Team.Alone)];
        _whole = team is { IsAlone: false } ? _batchSize : 0;
    }

    public int BatchesPerEpoch => _images.Count / _batchSize;

    public IEnumerable<ImageBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        foreach (var (pixels, labels) in LookAhead.Run(Fill(epoch, firstBatch), BatchesAhead, cancellationToken))
        {
            yield return ImageBatch.Create(pixels, labels, _images.Side, _device, _whole);
        }
    }

    /// <summary>All images of a data set once, in order and as they are; the last batch may be smaller. Whoever takes a batch disposes it.</summary>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">How many in a batch.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <param name="team">Whose processes get the batches in turn; null for all batches.</param>
    public static IEnumerable<ImageBatch> ReadAll(ImageDataSet images, int batchSize, Device device, CancellationToken cancellationToken, Team? team = null)
    {
        foreach (var (pixels, labels) in LookAhead.Run(Fill(images, batchSize, team ?? Team.Alone), EvaluatedAhead, cancellationToken))
        {
            yield return ImageBatch.Create(pixels, labels, images.Side, device);
        }
    }

    public void Dispose()
    {
    }

    private static IEnumerable<(byte[] Pixels, long[] Labels)> Fill(ImageDataSet images, int batchSize, Team team)
    {
        var imageBytes = 3 * images.Side * images.Side;
        foreach (var rows in images.Rows.Chunk(batchSize).Where((_, number) => team.Owns(number)))
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
            var pixels = new byte[_places.Length * imageBytes];
            var labels = new long[_places.Length];
            for (var i = 0; i < _places.Length; i++)
            {
                var row = order[(batch * _batchSize) + _places[i]];
                _images.Store.Cache.Read(row, image);
                _augmentation.Apply(image, _images.Side, _seed, epoch, row, pixels.AsSpan(i * imageBytes, imageBytes));
                labels[i] = _images.Store.Label(row);
            }

            yield return (pixels, labels);
        }
    }
}
