using static TorchSharp.torch;

namespace MLExtensions.Benchmarks.Pairs;

/// <summary>Products of matrices of libtorch, which are what the machine can do at best.</summary>
internal static class MatrixWork
{
    /// <summary>Square matrices of float32; the seconds of a thousand million additions and multiplications.</summary>
    /// <param name="side">Rows and columns.</param>
    internal static Func<double> Product(int side)
    {
        var (left, right) = (ones(side, side, dtype: float32), ones(side, side, dtype: float32));
        var seconds = OurSide.Repeated(() => left.mm(right).Dispose());
        return () => seconds() / (2e-9 * side * side * side);
    }
}
