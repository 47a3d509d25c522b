using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Tests.Training;

/// <summary>Random inputs that follow from seed, epoch and number; remembers which batches it gave.</summary>
internal sealed class ToyBatchSource(int batchesPerEpoch) : IBatchSource<ToyBatch>
{
    public List<(int Epoch, int Batch)> Given { get; } = [];

    /// <summary>Called before a batch is given.</summary>
    public Action<int, int> BeforeBatch { get; init; } = (_, _) => { };

    public int BatchesPerEpoch => batchesPerEpoch;

    public IEnumerable<ToyBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        for (var batch = firstBatch; batch < batchesPerEpoch; batch++)
        {
            BeforeBatch(epoch, batch);
            Given.Add((epoch, batch));
            var random = SeededRandom.Create(7, RandomPurpose.Order, epoch, batch);
            var values = Enumerable.Range(0, 32).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray();
            yield return new ToyBatch(tensor(values, [8, 4]));
        }
    }

    public void Dispose()
    {
    }
}
