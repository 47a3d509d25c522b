using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Classifiers;

/// <summary>
/// How far samples are from their class, measured on classes that a model has not learned from: what a <see cref="RejectionRule"/> goes by where a task has too few
/// examples to tell.
/// </summary>
internal static class KnownSpread
{
    // With more classes one of them is nearer by chance; tasks are rather small.
    private const int MostWays = 5;
    private const int Queries = 500;
    private const int Values = 100;

    /// <summary>Draws tasks with one example of each class.</summary>
    /// <param name="network">The model.</param>
    /// <param name="pool">The classes.</param>
    /// <param name="seed">Draws the tasks.</param>
    /// <exception cref="InvalidOperationException">The model gives no numbers.</exception>
    /// <returns>The u of the rule for queries of the tasks' classes: equally probable values, ascending; null where fewer than two classes have two examples.</returns>
    public static IReadOnlyList<float>? Measure(FewShotNetwork network, ExamplePool pool, int seed)
    {
        if (pool.WithAtLeast(2).Classes.Count < 2)
        {
            return null;
        }

        using var mode = new TorchMode(gradients: false);
        var tasks = new EpisodeSettings { BatchSize = 1, Ways = Math.Min(MostWays, network.Shape.MaxWays) }.FittedTo(pool);
        var scale = network.Scale ?? ExampleScale.Measure(pool);
        var sampler = new EpisodeSampler(pool, tasks, seed);
        using var solver = network.Solver(network.Method, isTransductive: false);
        var values = new List<float>();
        for (var number = 0; values.Count < Queries; number++)
        {
            using var scope = NewDisposeScope();
            using var batch = EpisodeSource.Create(sampler.Draw(0, number), pool, scale, network.Device);
            using var target = solver.Solve(batch.Support, batch.Candidates).Extract(0);
            var (known, asked) = (network.Embed(target, batch.Support[0]), network.Embed(target, batch.Query[0]));
            // One example: n / (n + 1) is a half.
            var nearest = RejectionRule.Distances(asked, known).amin([1]).Mul(0.5);
            FiniteNumbers.Check([nearest], "The distances between samples of a task");
            values.AddRange(nearest.cpu().data<float>().ToArray());
        }

        values.Sort();
        return [.. Enumerable.Range(0, Values).Select(i => values[(int)((i + 0.5) * values.Count / Values)])];
    }
}
