using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>The cross-entropy where a sample may have several possible classes.</summary>
internal static class CandidateLoss
{
    /// <summary>Stands for the zero of a class, or a task, without samples.</summary>
    private const double Smallest = 1e-6;

    /// <summary>
    /// Each task's mean of -log Σ p, summed over a sample's possible classes, over the samples that exclude at least one class: [B]. With one
    /// possible class this is the cross-entropy; samples without a label and absent ones do not count. Every class counts alike, however many samples it has: queries are as
    /// likely to be of one as of another.
    /// </summary>
    /// <param name="scores">[B, N, W].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    internal static Tensor Of(Tensor scores, SupportLabels labels)
    {
        var logarithms = Exclude(scores, labels).log_softmax(2);
        var possible = logarithms.Add(labels.Candidates.Sub(1).Mul(-LogitsGenerator.AbsentLogit)).logsumexp(2);     // [B, N]
        var shares = labels.Shares.mul(labels.Informative);                                     // [B, N, W]
        var weights = shares.div(shares.sum([1], keepdim: true).ClampMin(Smallest)).sum(2);     // [B, N]
        return possible.neg().mul(weights).sum([1]).div(weights.sum([1]).ClampMin(Smallest));
    }

    /// <summary>Scores [B, Q, W] with the classes that a task lacks out of reach.</summary>
    internal static Tensor Exclude(Tensor scores, SupportLabels labels) =>
        scores.Add(labels.Ways.Sub(1).Mul(-LogitsGenerator.AbsentLogit).unsqueeze(1));
}
