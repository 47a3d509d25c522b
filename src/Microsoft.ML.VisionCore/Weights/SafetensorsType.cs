using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Weights;

/// <summary>The element types a weights file may hold, and their names in it.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
        ("F32", ScalarType.Float32, 4),
        ("I32", ScalarType.Int32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I16", ScalarType.Int16, 2),
        ("U8", ScalarType.Byte, 1),
        ("I8", ScalarType.Int8, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <exception cref="ArgumentException">The type has no name in the format.</exception>
    public static (string Name, int Size) Of(ScalarType type)
    {
        foreach (var entry in All)
        {
            if (entry.Type == type)
            {
                return (entry.Name, entry.Size);
            }
        }

        throw new ArgumentException($"Tensors of type {type} cannot be written to a weights file.", nameof(type));
    }

    public static bool TryParse(string? name, out ScalarType type, out int size)
    {
        foreach (var entry in All)
        {
            if (entry.Name == name)
            {
                (type, size) = (entry.Type, entry.Size);
                return true;
            }
        }

        (type, size) = (default, 0);
        return false;
    }
}
