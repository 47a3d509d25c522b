using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Stops what would go on with numbers that are none.</summary>
internal static class FiniteNumbers
{
    /// <summary>Looks at tensors of a floating-point type.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="what">What they are, with what comes before "are no numbers".</param>
    /// <exception cref="InvalidOperationException">One has a value that is NaN or infinite.</exception>
    public static void Check(IEnumerable<Tensor> tensors, string what)
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in tensors)
        {
            if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
            {
                throw new InvalidOperationException($"{what} are no numbers: the weights of the model, or the values of a sample, are far too large.");
            }
        }
    }
}
