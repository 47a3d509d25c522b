using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Measures how well tasks of held-out classes are solved.</summary>
internal static class TaskEvaluator
{
    /// <summary>The accuracies of one solver.</summary>
    /// <param name="solver">Who solves the tasks.</param>
    /// <param name="pool">The classes; those with too few examples are not drawn.</param>
    /// <param name="scale">How the solver sees pixels.</param>
    /// <param name="protocol">Which tasks.</param>
    /// <param name="device">Where the solver is.</param>
    /// <param name="progress">Told how many tasks are done.</param>
    /// <param name="cancellationToken">Ends the evaluation with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">The pool, or within groups every group, has too few classes with enough examples.</exception>
    internal static TaskScores Measure(ITaskSolver solver, ExamplePool pool, ImageNormalization scale, TaskProtocol protocol, Device device,
        Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var sampler = new EpisodeSampler(pool, protocol.Episodes, protocol.Seed);
        using var source = new EpisodeSource(sampler, scale, protocol.Tasks, device);
        var accuracies = new List<double>(protocol.Tasks);
        foreach (var batch in source.ReadEpoch(0, 0, cancellationToken))
        {
            using (batch)
            {
                accuracies.Add(Accuracy(solver, batch));
            }

            progress?.Invoke(accuracies.Count);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new TaskScores(accuracies);
    }

    private static double Accuracy(ITaskSolver solver, TaskBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var answers = solver.Logits(batch).argmax(2);
        return (double)answers.eq(batch.QueryLabels).sum().item<long>() / answers.numel();
    }
}
