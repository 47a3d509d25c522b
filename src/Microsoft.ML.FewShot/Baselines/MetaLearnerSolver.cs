using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Solves tasks by a <see cref="MetaLearner"/>.</summary>
/// <param name="model">In evaluation mode.</param>
/// <param name="transductive">Whether the queries are normalised with their own statistics.</param>
internal sealed class MetaLearnerSolver(MetaLearner model, bool transductive) : ITaskSolver
{
    public Tensor Logits(EpisodeBatch batch) => model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows, transductive);

    public GeneratedLayers Solve(Tensor support, Tensor candidates) => model.Solve(support, candidates);

    public void Dispose()
    {
    }
}
