using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>
/// Solves tasks on embeddings that nothing is known of: as unit vectors, of their square roots or as they are, with one or another penalty. The support set chooses,
/// by leaving out each of its samples; where no class has two, the first choice stands.
/// </summary>
/// <param name="length">The length of the vectors.</param>
internal sealed class SelectingSolver(int length) : ITaskSolver
{
    private static readonly double[] Penalties = [RidgeHead.Penalty, RidgeHead.Penalty / 10, 10 * RidgeHead.Penalty];

    private readonly RidgeHead _head = new();

    public Tensor Logits(EpisodeBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var tasks = new List<Tensor>();
        for (var task = 0; task < batch.Support.size(0); task++)
        {
            var layers = Solve(batch.Support.narrow(0, task, 1), batch.Candidates.narrow(0, task, 1));
            tasks.Add(LogitsGenerator.Logits(layers.Backbone.call(batch.Query[task]).unsqueeze(0), layers.Weight, layers.Bias));
        }

        return cat(tasks, 0).MoveToOuterDisposeScope();
    }

    public GeneratedLayers Solve(Tensor support, Tensor candidates)
    {
        if (support.size(0) != 1)
        {
            throw new ArgumentException($"One task at a time has its own embedding; these are {support.size(0)}.", nameof(support));
        }

        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var labels = new SupportLabels(candidates, null);
        var (best, score) = (default((Backbone Backbone, Tensor Embedded, double Penalty)?), (Accuracy: -1.0, Error: double.PositiveInfinity));
        bool[] forms = support.ge(zeros(1, dtype: float32, device: support.device)).all().item<bool>() ? [true, false] : [false];
        foreach (var isRoot in forms)
        {
            // Without weights: nothing to dispose of.
            var backbone = new Backbone(EmbeddingModel.Vectors(length) with { Embedding = new EmbeddingShape { SquareRoots = isRoot } }, new Random(0));
            var embedded = backbone.call(support[0]).unsqueeze(0);
            foreach (var penalty in Penalties)
            {
                var own = _head.LeaveOneOut(embedded, labels, penalty);
                if (best is null || (own is { } found && (found.Accuracy > score.Accuracy || (found.Accuracy == score.Accuracy && found.Error < score.Error))))
                {
                    (best, score) = ((backbone, embedded, penalty), own ?? score);
                }
            }
        }

        var (chosen, rows, strength) = best!.Value;
        var (weight, bias) = _head.Fit(rows, labels, strength);
        return new GeneratedLayers(chosen, [], weight, bias).MoveToOuterDisposeScope();
    }

    public void Dispose() => _head.Dispose();
}
