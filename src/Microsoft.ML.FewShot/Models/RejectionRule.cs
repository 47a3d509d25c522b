using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.FewShot.Models;

/// <summary>
/// Says which samples are of none of the classes of a task: those whose embedding e is far from every class mean p. What counts is
/// u = min over the classes of |e - p|² · n / (n + 1), where n is the number of examples that the mean is of: then a further example of a class has the same u on
/// average however many there were, and examples that are left out, classes of different sizes and other tasks can be compared. The known score is
/// t / (t + u) with a threshold t that the examples set.
/// </summary>
internal sealed class RejectionRule : Module
{
    /// <summary>How many examples the spread of other classes counts for; those of the task count for one each.</summary>
    internal const double PriorExamples = 20;

    // Where all examples of each class are the same picture, only that picture is known.
    private const double LeastThreshold = 1e-20;

    private readonly Tensor means;          // [W, F]
    private readonly Tensor shares;         // [W], n / (n + 1)
    private readonly Tensor threshold;      // [1], t

    /// <summary>All 0 until it is loaded.</summary>
    internal RejectionRule(long classes, long length)
        : base(nameof(RejectionRule))
    {
        means = Parameters.ZeroBuffer(classes, length);
        shares = Parameters.ZeroBuffer(classes);
        threshold = Parameters.ZeroBuffer(1);
        RegisterComponents();
    }

    /// <summary>t.</summary>
    internal double Threshold => threshold.item<float>();

    /// <summary>Makes the rule of a task.</summary>
    /// <param name="embeddings">The support's, embedded as queries are, [N, F].</param>
    /// <param name="candidates">[N, W]: 1 where a sample may belong to a class. A class that no sample is known to be of takes those that may be.</param>
    /// <param name="falseRejectionRate">The share of samples of the classes that is to be rejected, in (0, 1).</param>
    /// <param name="spread">The u of samples of other classes, as equally probable; null where none are known.</param>
    /// <returns>The rule; null where nothing says how far off a sample may be: there is no spread, and no class has two examples.</returns>
    internal static RejectionRule? Fit(Tensor embeddings, Tensor candidates, double falseRejectionRate, IReadOnlyList<float>? spread)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        var (rows, possible) = (embeddings.to(float64).cpu(), candidates.to(float64).cpu());
        var labeled = possible.mul(possible.sum(1, keepdim: true).Lt(1.5).to(float64));         // [N, W]
        var isOrphan = labeled.sum([0]).Lt(0.5).to(float64);                                    // [W]
        var weights = labeled.Add(possible.div(possible.sum(1, keepdim: true)).mul(isOrphan));  // [N, W]
        var counts = weights.sum([0]);                                                          // [W]
        var centres = weights.t().matmul(rows).div(counts.unsqueeze(1));                        // [W, F]
        var portions = counts.div(counts.Add(1));
        double[] left = [.. LeftOut(rows, labeled, centres, counts, portions)];
        if (left.Length == 0 && spread is null)
        {
            return null;
        }

        var rule = new RejectionRule(centres.size(0), centres.size(1));
        rule.means.copy_(centres);
        rule.shares.copy_(portions);
        rule.threshold.Fill_(Math.Max(LeastThreshold, KnownScore.Quantile(left, 1 - falseRejectionRate, spread, PriorExamples)));
        return rule;
    }

    /// <summary>How sure it is that samples are of one of the classes, [M, F] → [M] in [0, 1]; below 0.5 where u is above t.</summary>
    internal Tensor Known(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        var u = Distances(embeddings, means).mul(shares).amin([1]);
        return threshold.div(threshold.Add(u)).MoveToOuterDisposeScope();
    }

    /// <summary>Embeddings of photographs as they are compared: unit vectors of their directions from the mean of all photographs, [M, F], [F] → [M, F].</summary>
    internal static Tensor Directions(Tensor embeddings, Tensor from)
    {
        using var scope = NewDisposeScope();
        return PhotographEmbedding.Unit(embeddings.sub(from)).MoveToOuterDisposeScope();
    }

    /// <summary>The squared distances to class means, [M, F], [W, F] → [M, W]; those of a row do not depend on the others, to the last bit.</summary>
    internal static Tensor Distances(Tensor embeddings, Tensor means) => embeddings.unsqueeze(1).sub(means).Square().sum([2]);

    // u of each labelled sample of a class with others, had it not been among the examples: without it the mean is n / (n - 1) times as far away, and of n - 1.
    private static IEnumerable<double> LeftOut(Tensor rows, Tensor labeled, Tensor centres, Tensor counts, Tensor portions)
    {
        using var scope = NewDisposeScope();
        var distances = cdist(rows, centres).Square();                                          // [N, W]
        var without = counts.div(counts.Sub(1).ClampMin(1));                                    // [W]; n / (n - 1)
        var own = labeled.mul(without).Add(labeled.neg().Add(1).mul(portions));                 // [N, W]
        var hasOthers = labeled.mul(counts).sum([1]).Gt(1.5);                                   // [N]
        var u = distances.mul(own).amin([1]).masked_select(hasOthers);
        return u.data<double>().ToArray();
    }
}
