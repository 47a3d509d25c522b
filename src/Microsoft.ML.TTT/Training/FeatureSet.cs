using System.Runtime.InteropServices;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>A data set as the frozen stages of a backbone see it: each image once, and once more mirrored where that is asked for.</summary>
internal sealed class FeatureSet : IDisposable
{
    private const int ComputedAtOnce = 16;
    private const int BatchesAhead = 4;

    private readonly ImageDataSet _images;
    private readonly FeatureCache _cache;
    private readonly int _channels, _grid, _views;

    private FeatureSet(ImageDataSet images, FeatureCache cache, int channels, int grid, int views) =>
        (_images, _cache, _channels, _grid, _views) = (images, cache, channels, grid, views);

    /// <summary>The number of images.</summary>
    public int Count => _images.Count;

    private int Length => _channels * _grid * _grid;

    /// <summary>Computes the features of all images.</summary>
    /// <param name="backbone">What computes them.</param>
    /// <param name="images">The images.</param>
    /// <param name="isMirrored">Whether the mirrored images are wanted too.</param>
    /// <param name="memoryBudget">The bytes that may be held in memory; the rest lies in a temporary file.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="onImages">Told how many images are done.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="team">Whose processes compute some each, and have all in the end.</param>
    public static FeatureSet Of(BackboneEmbedding backbone, ImageDataSet images, bool isMirrored, long memoryBudget, Device device, Action<int> onImages,
        CancellationToken cancellationToken, Team team)
    {
        var (channels, grid) = backbone.FeatureShape(images.Side);
        var views = isMirrored ? 2 : 1;
        var set = new FeatureSet(images, new FeatureCache(images.Count * views, channels * grid * grid, memoryBudget), channels, grid, views);
        try
        {
            var number = 0;
            foreach (var batch in ImageBatchReader.ReadAll(images, ComputedAtOnce, device, cancellationToken, team))
            {
                using (batch)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    var pixels = batch.Inputs.to(float32);
                    var first = ((number++ * team.Size) + team.Rank) * ComputedAtOnce;
                    for (var view = 0; view < views; view++)
                    {
                        set.Keep(backbone.Features(view == 0 ? pixels : pixels.flip([3])), first, view);
                    }

                    onImages(Math.Min(images.Count, number * team.Size * ComputedAtOnce));
                }
            }

            set.Exchange(team);
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>Shuffled batches; a view of each image by epoch.</summary>
    public IBatchSource<ImageBatch> Batches(int batchSize, int seed, Device device, Team team) => new Source(this, batchSize, seed, device, team);

    /// <summary>Every image once as it is, in order.</summary>
    /// <param name="batchSize">How many in a batch.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <param name="team">Whose processes get the batches in turn.</param>
    public IEnumerable<ImageBatch> ReadAll(int batchSize, Device device, CancellationToken cancellationToken, Team team)
    {
        var entries = Enumerable.Range(0, Count).Select(position => (position, View: 0)).Chunk(batchSize).Where((_, number) => team.Owns(number));
        foreach (var (features, labels) in LookAhead.Run(entries.Select(Fill), BatchesAhead, cancellationToken))
        {
            yield return ToBatch(features, labels, device);
        }
    }

    public void Dispose() => _cache.Dispose();

    private void Keep(Tensor features, int first, int view)
    {
        var half = features.to(float16).cpu().contiguous();                             // [B, C, G, G]
        var numbers = MemoryMarshal.Cast<byte, Half>(half.bytes);
        for (var i = 0; i < half.size(0); i++)
        {
            _cache.Write(((first + i) * _views) + view, numbers.Slice(i * Length, Length));
        }
    }

    // Gives all processes what each has computed: numbers that only one of them has are sums, the others' being 0.
    private void Exchange(Team team)
    {
        if (team.IsAlone)
        {
            return;
        }

        var halves = new Half[Length];
        for (var entry = 0; entry < Count * _views; entry++)
        {
            var numbers = new float[Length];
            var isOwn = team.Owns(entry / _views / ComputedAtOnce);
            if (isOwn)
            {
                _cache.Read(entry, halves);
                numbers = Array.ConvertAll(halves, half => (float)half);
            }

            team.Sum(numbers);
            if (!isOwn)
            {
                _cache.Write(entry, Array.ConvertAll(numbers, number => (Half)number));
            }
        }
    }

    private (Half[] Features, long[] Labels) Fill((int Position, int View)[] entries)
    {
        var (features, labels) = (new Half[entries.Length * Length], new long[entries.Length]);
        for (var i = 0; i < entries.Length; i++)
        {
            _cache.Read((entries[i].Position * _views) + entries[i].View, features.AsSpan(i * Length, Length));
            labels[i] = _images.Store.Label(_images.Rows[entries[i].Position]);
        }

        return (features, labels);
    }

    private ImageBatch ToBatch(Half[] features, long[] labels, Device device, int whole = 0)
    {
        using var scope = NewDisposeScope();
        var inputs = empty([labels.Length, _channels, _grid, _grid], dtype: float16);
        MemoryMarshal.AsBytes(features.AsSpan()).CopyTo(inputs.bytes);
        return new ImageBatch(inputs.to(device), tensor(labels, device: device)) { Whole = whole };
    }

    private sealed class Source(FeatureSet set, int batchSize, int seed, Device device, Team team) : IBatchSource<ImageBatch>
    {
        private readonly int _batchSize = Math.Min(batchSize, set.Count);
        private readonly int[] _places = [.. ImageBatch.Places(Math.Min(batchSize, set.Count), team)];

        public int BatchesPerEpoch => set.Count / _batchSize;

        public IEnumerable<ImageBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
        {
            var batches = SeededRandom.EpochOrder(Enumerable.Range(0, set.Count), seed, epoch).Chunk(_batchSize).Take(BatchesPerEpoch).Skip(firstBatch)
                .Select(rows => set.Fill(Array.ConvertAll(Array.ConvertAll(_places, place => rows[place]), row => (row, set._views > 1 && Augmentation.IsMirrored(seed, epoch, row) ? 1 : 0))));
            foreach (var (features, labels) in LookAhead.Run(batches, BatchesAhead, cancellationToken))
            {
                yield return set.ToBatch(features, labels, device, team.IsAlone ? 0 : _batchSize);
            }
        }

        public void Dispose()
        {
        }
    }
}
