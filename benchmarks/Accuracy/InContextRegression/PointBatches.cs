using Microsoft.ML.VisionCore.Seeding;
using Microsoft.ML.VisionCore.Training;

namespace MLExtensions.Accuracy.InContextRegression;

/// <summary>Fresh images at every step; the seed and the step fix them.</summary>
internal sealed class PointBatches(int seed, int tokens, int steps, int batchSize) : IBatchSource<PointBatch>
{
    public int BatchesPerEpoch => steps;

    public IEnumerable<PointBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        for (int step = firstBatch; step < steps; step++)
        {
            yield return new PointBatch(PointImages.Draw(batchSize, tokens, SeededRandom.Create(seed, RandomPurpose.Stream, epoch, step)));
        }
    }

    public void Dispose()
    {
    }
}
