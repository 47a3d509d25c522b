using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>What the candidates [B, N, W] of a batch of tasks say about samples and classes. Belongs to the dispose scope it is made in.</summary>
internal sealed class TaskTargets
{
    /// <summary>Far below every score, and finite, so that sums with it stay numbers.</summary>
    internal const double Never = -1e9;

    internal TaskTargets(Tensor candidates)
    {
        Candidates = candidates;
        Classes = candidates.sum([1]).gt(0).to(candidates.dtype);
        var possible = candidates.sum([2]);
        Presence = possible.gt(0).to(candidates.dtype);
        var open = Classes.sum([1], keepdim: true).sub(possible).gt(0).to(candidates.dtype);
        Information = Presence.mul(open);
        Labelled = Presence.sub(possible.gt(1).to(candidates.dtype));
    }

    /// <summary>[B, N, W]: 1 where a sample may belong to a class.</summary>
    internal Tensor Candidates { get; }

    /// <summary>[B, W]: 1 for the classes that a task has.</summary>
    internal Tensor Classes { get; }

    /// <summary>[B, N]: 1 for the samples that a task has.</summary>
    internal Tensor Presence { get; }

    /// <summary>[B, N]: 1 for the samples whose class is known.</summary>
    internal Tensor Labelled { get; }

    /// <summary>[B, N]: 1 for the samples that exclude at least one class of their task.</summary>
    internal Tensor Information { get; }

    /// <summary>Scores [B, Q, W] with the classes that a task lacks out of reach.</summary>
    internal Tensor Exclude(Tensor scores) => scores.add(Classes.sub(1).mul(-Never).unsqueeze(1));

    /// <summary>Each task's mean of -log Σ p over the candidate classes of its informative samples, [B]; with one candidate a sample, the cross-entropy.</summary>
    /// <param name="scores">[B, N, W].</param>
    internal Tensor Loss(Tensor scores)
    {
        var logarithms = Exclude(scores).log_softmax(2);
        var possible = logarithms.add(Candidates.sub(1).mul(-Never)).logsumexp(2);      // [B, N]
        return possible.neg().mul(Information).sum([1]).div(Information.sum([1]).clamp_min(1));
    }
}
