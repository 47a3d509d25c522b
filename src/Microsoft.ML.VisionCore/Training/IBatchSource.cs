namespace Microsoft.ML.VisionCore.Training;

/// <summary>Gives the batches of an epoch. What a batch holds depends on (seed, epoch, number) only.</summary>
internal interface IBatchSource<out TBatch> : IDisposable
    where TBatch : class, IDisposable
{
    /// <summary>The number of batches in every epoch; at least 1.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of <paramref name="epoch"/> from number <paramref name="firstBatch"/> on. Whoever takes a batch disposes it.</summary>
    IEnumerable<TBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken);
}
