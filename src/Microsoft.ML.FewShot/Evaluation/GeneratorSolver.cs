using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Solves tasks by the weights that a hyper-transformer generates.</summary>
internal sealed class GeneratorSolver : ITaskSolver
{
    private readonly HyperTransformerModel _model;
    private readonly bool _isOwned;

    /// <param name="model">In evaluation mode.</param>
    /// <param name="transductive">Whether the queries are normalised with their own statistics, whatever the model was trained with.</param>
    internal GeneratorSolver(HyperTransformerModel model, bool transductive)
    {
        _isOwned = transductive && model.Shape.Normalization != FewShotNormalization.Query;
        _model = _isOwned ? Transductive(model) : model;
    }

    public Tensor Logits(TaskBatch batch)
    {
        using var detached = no_grad();
        return _model.Logits(batch.Support, batch.Candidates, batch.Query, batch.SlotRows);
    }

    public GeneratedTask Solve(Tensor support, Tensor candidates)
    {
        using var detached = no_grad();
        return _model.Generate(support, candidates);
    }

    public void Dispose()
    {
        if (_isOwned)
        {
            _model.Dispose();
        }
    }

    /// <summary>The weights are the same for every normalisation; only what is done with them differs.</summary>
    private static HyperTransformerModel Transductive(HyperTransformerModel model)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var copy = new HyperTransformerModel(model.Shape with { Normalization = FewShotNormalization.Query }, seed: 0);
        copy.to(model.parameters().First().device);
        foreach (var (from, to) in ModuleWeights.Of(model).Zip(ModuleWeights.Of(copy)))
        {
            to.Value.copy_(from.Value);
        }

        copy.eval();
        return copy;
    }
}
