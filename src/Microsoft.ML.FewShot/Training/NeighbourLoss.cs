using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Neighbourhood component analysis over a whole batch: every example is to find those of its own class nearest.</summary>
internal static class NeighbourLoss
{
    private const double Never = -1e9;

    /// <summary>
    /// With the distances d_ij = scale · |e_i - e_j|², the mean over i of -log of the share that the examples of i's class have in
    /// the sum over j ≠ i of exp(-d_ij); and the share of examples whose nearest neighbour is of their class.
    /// </summary>
    /// <param name="embeddings">[classes · drawings, F], class by class.</param>
    /// <param name="examplesPerClass">The examples of each class; at least 2.</param>
    /// <param name="scale">The scale of squared distances, [] or [1].</param>
    public static (Tensor Loss, Tensor Accuracy) Of(Tensor embeddings, int examplesPerClass, Tensor scale)
    {
        using var scope = NewDisposeScope();
        var count = embeddings.size(0);
        var classes = TensorArithmetic.Arange(count / examplesPerClass, device: embeddings.device).repeat_interleave(examplesPerClass);
        var isSame = classes.unsqueeze(1).eq(classes.unsqueeze(0)).to(float32);
        var self = eye(count, dtype: float32, device: embeddings.device).Mul(Never);

        var lengths = embeddings.Square().sum(1, keepdim: true);
        var distances = embeddings.matmul(embeddings.t()).Mul(2).sub(lengths).sub(lengths.t());     // -|e_i - e_j|²
        var likeness = distances.mul(scale).Add(self);
        var own = likeness.Add(isSame.Sub(1).Mul(-Never));
        var loss = likeness.logsumexp(1).sub(own.logsumexp(1)).mean();
        var nearest = classes.index_select(0, likeness.detach().argmax(1));
        return (loss.MoveToOuterDisposeScope(), nearest.eq(classes).to(float32).mean().MoveToOuterDisposeScope());
    }
}
