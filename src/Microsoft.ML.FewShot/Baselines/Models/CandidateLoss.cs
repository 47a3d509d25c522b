using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines.Models;

/// <summary>The cross-entropy where a sample may have several possible classes.</summary>
internal static class CandidateLoss
{
    /// <summary>
    /// Each task's mean of -log Σ p, summed over a sample's possible classes, over the samples that exclude at least one class: [B]. With one
    /// possible class this is the cross-entropy; samples without a label and absent ones do not count.
    /// </summary>
    /// <param name="scores">[B, N, W].</param>
    /// <param name="labels">What is known of the samples' classes.</param>
    internal static Tensor Of(Tensor scores, SupportLabels labels)
    {
        var logarithms = Exclude(scores, labels).log_softmax(2);
        var possible = logarithms.Add(labels.Candidates.Sub(1).Mul(-LogitsGenerator.AbsentLogit)).logsumexp(2);     // [B, N]
        var counted = labels.Informative.squeeze(2);                                            // [B, N]
        return possible.neg().mul(counted).sum([1]).div(counted.sum([1]).ClampMin(1));
    }

    /// <summary>Scores [B, Q, W] with the classes that a task lacks out of reach.</summary>
    internal static Tensor Exclude(Tensor scores, SupportLabels labels) =>
        scores.Add(labels.Ways.Sub(1).Mul(-LogitsGenerator.AbsentLogit).unsqueeze(1));
}
