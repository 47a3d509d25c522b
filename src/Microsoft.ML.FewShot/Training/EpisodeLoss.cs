using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>What tasks are trained on.</summary>
internal static class EpisodeLoss
{
    /// <summary>The mean cross-entropy of the queries, and the share of right answers.</summary>
    /// <param name="logits">[B, Q, W].</param>
    /// <param name="labels">int64 [B, Q].</param>
    public static (Tensor Loss, Tensor Accuracy) Of(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var scores = logits.reshape(-1, logits.size(2));
        var right = labels.reshape(-1);
        var loss = nn.functional.cross_entropy(scores, right);
        return (loss.MoveToOuterDisposeScope(), scores.detach().argmax(1).eq(right).to(float32).mean().MoveToOuterDisposeScope());
    }
}
