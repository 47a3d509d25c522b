using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy;

/// <summary>Fresh data at every step; the seed and the step fix them.</summary>
/// <param name="seed">Of the run.</param>
/// <param name="batches">Batches in an epoch.</param>
/// <param name="draw">Draws a batch.</param>
internal sealed class DrawnBatches<TBatch>(int seed, int batches, Func<Random, TBatch> draw) : IBatchSource<TBatch>
    where TBatch : class, IDisposable
{
    public int BatchesPerEpoch => batches;

    public IEnumerable<TBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        for (int step = firstBatch; step < batches; step++)
        {
            yield return draw(SeededRandom.Create(seed, RandomPurpose.Stream, epoch, step));
        }
    }

    public void Dispose()
    {
    }
}
