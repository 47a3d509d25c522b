using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>
/// Unpacks and checks tensor sizes; a wrong size is told by the tensor's name, what was expected and what was found. One by one: torch's list of them leaves an object to the finalizer.
/// </summary>
internal static class Shapes
{
    internal static (long, long, long) Dims3(this Tensor tensor, string name = "tokens")
    {
        CheckRank(tensor, name, 3);
        return (tensor.size(0), tensor.size(1), tensor.size(2));
    }

    internal static (long, long, long, long) Dims4(this Tensor tensor, string name = "images")
    {
        CheckRank(tensor, name, 4);
        return (tensor.size(0), tensor.size(1), tensor.size(2), tensor.size(3));
    }

    /// <summary>The side of the square grid that <paramref name="count"/> tokens came from.</summary>
    /// <exception cref="ArgumentException">The count is not a square.</exception>
    internal static long GridSide(long count)
    {
        long side = (long)Math.Round(Math.Sqrt(count));
        return side * side == count
            ? side
            : throw new ArgumentException($"A token grid is square; {count} tokens are not a square number.");
    }

    private static void CheckRank(Tensor tensor, string name, int rank)
    {
        if (tensor.dim() != rank)
        {
            throw new ArgumentException($"The tensor '{name}' needs {rank} dimensions; it has shape [{string.Join(", ", tensor.shape)}].", name);
        }
    }
}
