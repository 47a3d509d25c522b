using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>Measures how well tasks of held-out classes are solved.</summary>
internal static class TaskEvaluator
{
    /// <summary>The accuracies of one solver.</summary>
    /// <param name="solver">Who solves the tasks.</param>
    /// <param name="pool">The classes; those with too few examples are not drawn.</param>
    /// <param name="scale">How the solver sees pixels.</param>
    /// <param name="options">Which tasks: equal options draw equal tasks from equal pools, whoever solves them. Cancelled, they end the evaluation with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="device">Where the solver is.</param>
    /// <param name="progress">Told how many tasks are done.</param>
    /// <param name="network">The model of the solver, where rejection is to be measured too.</param>
    /// <exception cref="InvalidOperationException">The pool, or within groups every group, has too few classes with enough examples.</exception>
    internal static TaskScores Measure(ITaskSolver solver, ExamplePool pool, ImageNormalization scale, FewShotEvaluationOptions options, Device device,
        Action<int>? progress = null, FewShotNetwork? network = null)
    {
        // One task a batch, so that a task depends on its number alone.
        var episodes = new EpisodeSettings
        {
            BatchSize = 1,
            Ways = options.Ways,
            Shots = options.Shots,
            Unlabeled = options.Unlabeled,
            Queries = options.Queries,
            UnknownWays = options.UnknownWays,
            WithinGroup = options.WithinGroup,
        };
        var sampler = new EpisodeSampler(pool, episodes, options.Seed);
        using var source = new EpisodeSource(sampler, scale, options.Tasks, device);
        var (accuracies, rejections) = (new List<double>(options.Tasks), new List<RejectionScores>());
        foreach (var batch in source.ReadEpoch(0, 0, options.CancellationToken))
        {
            using (batch)
            {
                accuracies.Add(Accuracy(solver, batch));
                if (network is not null && options.UnknownWays > 0)
                {
                    rejections.Add(RejectionScores.Measure(solver, network, batch));
                }
            }

            progress?.Invoke(accuracies.Count);
            options.CancellationToken.ThrowIfCancellationRequested();
        }

        return new TaskScores(accuracies, rejections);
    }

    private static double Accuracy(ITaskSolver solver, EpisodeBatch batch)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var logits = solver.Logits(batch);              // [1, Q, W]
        FiniteNumbers.Check([logits], "The scores of a task");
        var answers = logits.argmax(2);
        return (double)answers.eq(batch.QueryLabels).sum().item<long>() / answers.numel();
    }
}
