using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Batches of tasks on embeddings. A background thread draws them; the thread that takes the batches gathers the embeddings.</summary>
/// <param name="sampler">Draws tasks whose examples, as they are turned, are all in the table.</param>
/// <param name="table">The embeddings; not owned.</param>
/// <param name="batchesPerEpoch">The length of an epoch.</param>
/// <param name="team">Who divides the tasks of a batch; null for this process alone.</param>
internal sealed class EmbeddedEpisodeSource(EpisodeSampler sampler, EmbeddingTable table, int batchesPerEpoch, Team? team = null) : IBatchSource<EpisodeBatch>
{
    private const int BatchesAhead = 4;

    public int BatchesPerEpoch => batchesPerEpoch;

    public IEnumerable<EpisodeBatch> ReadEpoch(int epoch, int firstBatch, CancellationToken cancellationToken)
    {
        var plans = Enumerable.Range(firstBatch, batchesPerEpoch - firstBatch).Select(number => sampler.Draw(epoch, number).Part(team ?? Team.Alone));
        return LookAhead.Run(plans, BatchesAhead, cancellationToken).Select(table.Episodes);
    }

    public void Dispose()
    {
    }
}
