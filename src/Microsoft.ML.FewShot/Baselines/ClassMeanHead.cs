using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>
/// Scores by -τ times the squared distance to the class means p, up to what all classes share: weights 2τp, biases -τ|p|². Without refining
/// steps a Prototypical Network; with them soft k-means, in which samples without a label take part in the classes they are near to.
/// </summary>
internal sealed class ClassMeanHead : IHead
{
    private readonly SoftKMeans _means;
    private readonly Tensor _logitScale;

    /// <param name="logitScale">τ.</param>
    /// <param name="steps">The steps of soft k-means, at temperature 1 and weight 1; 0 for plain class means.</param>
    /// <param name="device">Where the embeddings are.</param>
    internal ClassMeanHead(double logitScale, int steps, Device device)
    {
        _means = new SoftKMeans(steps);
        _means.to(device);
        _logitScale = TensorArithmetic.Full([1], logitScale, float32, device).DetachFromDisposeScope();
    }

    public (Tensor Weight, Tensor Bias) Fit(Tensor embeddings, SupportLabels labels)
    {
        using var scope = NewDisposeScope();
        // Distances do not change when all points move; near the origin they lose less to rounding.
        var known = labels.Presence.sub(labels.Unlabeled);
        var centre = embeddings.mul(known).sum([1], keepdim: true).div(known.sum([1], keepdim: true).ClampMin(1));
        var means = _means.Means(embeddings.sub(centre), labels, _logitScale);                               // [B, W, F]
        var weight = means.mul(_logitScale).Mul(2).mul(labels.Ways.unsqueeze(2));
        var bias = means.Square().sum(2).mul(_logitScale).Add(weight.mul(centre).sum(2)).neg();
        bias = bias.mul(labels.Ways).Add(labels.Ways.Sub(1).Mul(-LogitsGenerator.AbsentLogit));
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _means.Dispose();
        _logitScale.Dispose();
    }
}
