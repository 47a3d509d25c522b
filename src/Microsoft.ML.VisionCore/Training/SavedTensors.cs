using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>Reading back named tensors, with the name in every complaint.</summary>
internal static class SavedTensors
{
    public static void CopyTo(IReadOnlyDictionary<string, Tensor> saved, string name, Tensor target)
    {
        var value = Find(saved, name);
        if (value.dtype != target.dtype || !value.shape.AsSpan().SequenceEqual(target.shape))
        {
            throw new FormatException($"The saved tensor '{name}' is {SafetensorsEntry.Describe(value.dtype, value.shape)}, "
                + $"expected {SafetensorsEntry.Describe(target.dtype, target.shape)}.");
        }

        target.copy_(value);
    }

    public static long ReadCount(IReadOnlyDictionary<string, Tensor> saved, string name)
    {
        var value = Find(saved, name);
        if (value.dtype != ScalarType.Int64 || value.numel() != 1)
        {
            throw new FormatException($"The saved tensor '{name}' is {SafetensorsEntry.Describe(value.dtype, value.shape)}, expected one whole number.");
        }

        return value.item<long>() is >= 0 and var count ? count : throw new FormatException($"The saved tensor '{name}' is {value.item<long>()}, which is no count.");
    }

    /// <summary>Refuses weights that are no finite numbers.</summary>
    public static void CheckFinite(IEnumerable<(string Name, Tensor Value)> weights)
    {
        using var scope = NewDisposeScope();
        if (weights.FirstOrDefault(pair => pair.Value.is_floating_point() && !pair.Value.isfinite().all().item<bool>()) is { Name: { } name })
        {
            throw new FormatException($"The saved tensor '{name}' has values that are no finite numbers.");
        }
    }

    private static Tensor Find(IReadOnlyDictionary<string, Tensor> saved, string name) =>
        saved.TryGetValue(name, out var value) ? value : throw new FormatException($"The saved tensor '{name}' is missing.");
}
