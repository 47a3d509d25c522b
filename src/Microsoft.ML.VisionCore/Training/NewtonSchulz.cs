using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The nearest semi-orthogonal matrix, roughly: pushes all singular values towards 1.</summary>
internal static class NewtonSchulz
{
    /// <summary>A stack of matrices, [G, rows, columns] to the same shape.</summary>
    /// <remarks>
    /// The quintic x -> ax + bx^3 + cx^5 of Jordan et al. (Muon, 2024), applied to the singular values. Its coefficients were chosen
    /// for a steep rise at 0, not for convergence: five steps bring singular values from about 0.01 up into [0.7, 1.2].
    /// </remarks>
    public static Tensor Orthogonalize(Tensor matrices, int steps = 5)
    {
        const float a = 3.4445f, b = -4.7750f, c = 2.0315f;
        using var scope = NewDisposeScope();
        var wide = matrices.shape[1] <= matrices.shape[2];
        var x = wide ? matrices : matrices.transpose(1, 2);
        x = x / (x.mul(x).sum(1, 2, keepdim: true).sqrt() + 1e-7);
        for (var step = 0; step < steps; step++)
        {
            var gram = x.bmm(x.transpose(1, 2));                       // [G, n, n], n the shorter side
            var polynomial = gram.bmm(gram).mul_(c).add_(gram, b);
            x = polynomial.bmm(x).add_(x, a);
        }

        return (wide ? x : x.transpose(1, 2).contiguous()).MoveToOuterDisposeScope();
    }
}
