namespace Microsoft.ML.FewShot.Baselines;

/// <summary>A fitted logistic regression.</summary>
/// <param name="Weight">[W, F].</param>
/// <param name="Bias">[W].</param>
/// <param name="GradientLength">The length of the gradient of the penalised loss where the search ended.</param>
internal sealed record LogisticFit(double[] Weight, double[] Bias, double GradientLength);
