using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>Multinomial logistic regression with an L2 penalty on the weights, fitted to its optimum in float64 on the CPU.</summary>
internal static class LogisticRegression
{
    /// <summary>Where the search ends: the length of the gradient of a loss that is about 1.</summary>
    internal const double Tolerance = 1e-7;

    /// <summary>Fits the classifier.</summary>
    /// <param name="features">[N, F], at least one sample.</param>
    /// <param name="candidates">[N, W]: above 0 where the class is possible for the sample.</param>
    /// <param name="penalty">λ of <see cref="LogisticLoss"/>, above 0.</param>
    /// <returns>Weights [F, W], biases [W], and the length of the gradient of the penalised loss where the search ended.</returns>
    internal static (Tensor Weight, Tensor Bias, double GradientLength) Fit(Tensor features, Tensor candidates, double penalty)
    {
        using var scope = NewDisposeScope();
        // The loss and the penalty depend on inner products alone, so fewer samples than features need only that many coordinates: U·S of U·S·Vᵀ.
        var isWide = features.size(0) < features.size(1);
        var (u, s, vt) = isWide ? linalg.svd(features, fullMatrices: false) : default;
        var loss = new LogisticLoss(isWide ? u.mul(s) : features, candidates, penalty);
        var point = new double[loss.Size];
        var slope = new QuasiNewton().Minimize(loss.At, point, Tolerance);
        var fitted = tensor(point).view(-1, candidates.size(1));                              // [R + 1, W]
        var (weight, bias) = (fitted.narrow(0, 0, fitted.size(0) - 1), fitted[-1]);
        weight = isWide ? vt.t().matmul(weight) : weight.alias();
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope(), slope);
    }
}
