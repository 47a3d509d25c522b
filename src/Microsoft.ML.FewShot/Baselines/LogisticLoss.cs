using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>
/// The penalised loss of multinomial logistic regression, with its gradient, in float64 on the CPU:
/// mean over the samples of -log Σ p over the sample's candidate classes, plus λ/2 · |weights|². The biases are free.
/// With one candidate a sample this is the cross-entropy. Its tensors belong to the caller's dispose scope.
/// </summary>
internal sealed class LogisticLoss
{
    private readonly Tensor _design;        // [N, R + 1]: the features, and 1 for the bias
    private readonly Tensor _possible;      // [N, W]
    private readonly Tensor _penalty;       // [R + 1, 1]: λ, and 0 for the bias

    /// <param name="features">[N, R].</param>
    /// <param name="candidates">[N, W]: above 0 where the class is possible for the sample.</param>
    /// <param name="penalty">λ.</param>
    internal LogisticLoss(Tensor features, Tensor candidates, double penalty)
    {
        var (N, R) = (features.size(0), features.size(1));
        _design = cat([features, ones([N, 1], float64)], 1);
        _possible = candidates.Gt(0);
        _penalty = cat([TensorArithmetic.Full([R, 1], penalty, float64), zeros([1, 1], float64)], 0);
    }

    /// <summary>The numbers of a point: weights [R, W], then biases [W].</summary>
    internal int Size => (int)(_design.size(1) * _possible.size(1));

    /// <summary>Value and gradient at a point.</summary>
    internal double At(double[] point, double[] gradient)
    {
        using var scope = NewDisposeScope();
        var weights = tensor(point).view(_design.size(1), -1);                                // [R + 1, W]
        var scores = _design.matmul(weights);                                               // [N, W]
        var wanted = scores.MaskedFill(_possible.logical_not(), double.NegativeInfinity);
        var residual = scores.softmax(1).sub(wanted.softmax(1)).Div(scores.size(0));
        _design.t().matmul(residual).Add(weights.mul(_penalty)).data<double>().CopyTo(gradient);
        return scores.logsumexp(1).sub(wanted.logsumexp(1)).mean().Add(weights.Square().mul(_penalty).sum().Div(2)).item<double>();
    }
}
