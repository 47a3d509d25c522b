using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Weights;

/// <summary>One tensor as the header of a weights file describes it; offsets count from the first data byte.</summary>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End)
{
    public long Length => End - Begin;

    /// <summary>The numbers in it.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>For messages: <c>float32 [3, 4]</c>.</summary>
    public static string Describe(ScalarType type, ReadOnlySpan<long> shape) =>
        $"{type} [{string.Join(", ", shape.ToArray())}]";
}
