using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Torch;

/// <summary>Unpacks and checks tensor sizes; a wrong size is told by the tensor's name, what was expected and what was found.</summary>
internal static class Shapes
{
    internal static (long, long, long) Dims3(this Tensor tensor, string name = "tokens")
    {
        var shape = Rank(tensor, name, 3);
        return (shape[0], shape[1], shape[2]);
    }

    internal static (long, long, long, long) Dims4(this Tensor tensor, string name = "images")
    {
        var shape = Rank(tensor, name, 4);
        return (shape[0], shape[1], shape[2], shape[3]);
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

    private static long[] Rank(Tensor tensor, string name, int rank)
    {
        var shape = tensor.shape;
        return shape.Length == rank
            ? shape
            : throw new ArgumentException($"The tensor '{name}' needs {rank} dimensions; it has shape [{string.Join(", ", shape)}].", name);
    }
}
