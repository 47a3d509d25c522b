using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Evaluation;

/// <summary>How well the classifier of a task tells queries of its classes from those of others.</summary>
/// <param name="Auroc">The probability that the known score of one of its own is above that of another; of equal ones half.</param>
/// <param name="FalseRejections">The share of its own that are rejected.</param>
internal sealed record RejectionScores(double Auroc, double FalseRejections)
{
    /// <summary>Lets the classifier of the one task of a batch reject, and asks it all queries.</summary>
    internal static RejectionScores Measure(ITaskSolver solver, FewShotNetwork network, EpisodeBatch batch)
    {
        using var scope = NewDisposeScope();
        using var target = solver.Solve(batch.Support, batch.Candidates).Extract(0);
        network.Reject(target, batch.Support[0], batch.Candidates[0], FewShotClassifierOptions.Defaults.FalseRejectionRate);
        float[] Known(Tensor queries) => target.Answer(queries).Known!.cpu().data<float>().ToArray();
        return Of(Known(batch.Query[0]), Known(batch.Unknown[0]));
    }

    /// <summary>What known scores come to.</summary>
    internal static RejectionScores Of(float[] known, float[] unknown)
    {
        float[] sorted = [.. unknown.Order()];
        // Below, and equal.
        var wins = known.Sum(score => Count(sorted, score, isEqualCounted: false) + Count(sorted, score, isEqualCounted: true)) / 2.0;
        return new RejectionScores(wins / ((double)known.Length * unknown.Length), (double)known.Count(score => score < ScoreColumns.LeastKnown) / known.Length);
    }

    // How many of ascending values are below one, or equal to it too.
    private static long Count(float[] ascending, float value, bool isEqualCounted)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isIn = isEqualCounted ? ascending[middle] <= value : ascending[middle] < value;
            (low, high) = isIn ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
