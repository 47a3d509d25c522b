using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Batches of tasks on embeddings. A background thread draws them; the thread that takes the batches gathers the embeddings.</summary>
/// <param name="sampler">Draws tasks whose examples, as they are turned, are all in the table.</param>
/// <param name="table">The embeddings; not owned.</param>
/// <param name="batchesPerEpoch">The length of an epoch.</param>
internal sealed class EmbeddedEpisodeSource(EpisodeSampler sampler, EmbeddingTable table, int batchesPerEpoch) : IBatchSource<EpisodeBatch>
{
    private const int BatchesAhead = 4;

    public int BatchesPerEpoch => batchesPerEpoch;

    public IEnumerable<EpisodeBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        var plans = Enumerable.Range(firstBatch, batchesPerEpoch - firstBatch).Select(number => sampler.Draw(epoch, number));
        return LookAhead.Run(plans, BatchesAhead, cancellationToken).Select(table.Episodes);
    }

    public void Dispose()
    {
    }
}
