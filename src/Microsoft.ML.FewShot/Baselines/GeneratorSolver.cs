using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Solves tasks by the weights that a hyper-transformer generates.</summary>
/// <param name="model">In evaluation mode; not owned.</param>
internal sealed class GeneratorSolver(HyperTransformerModel model) : ITaskSolver
{
    public Tensor Logits(EpisodeBatch batch)
    {
        using var detached = no_grad();
        return model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows);
    }

    public GeneratedLayers Solve(Tensor support, Tensor candidates)
    {
        using var detached = no_grad();
        return model.GenerateLayers(support, candidates);
    }

    public void Dispose()
    {
    }
}
