using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.VisionCore.Weights;

/// <summary>A module and a weights file hold the same tensors under the same names: parameters and persistent buffers.</summary>
internal static class ModuleWeights
{
    private const long Spare = 1 << 20;

    /// <summary>The module's own tensors, not copies.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Of(Module module) =>
        [.. module.state_dict().Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    public static void Save(Module module, Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafetensorsWriter.Write(stream, Of(module), metadata);

    /// <summary>Fills the module from a file that must hold exactly its tensors.</summary>
    /// <exception cref="FormatException">The file is damaged, or belongs to another model; every difference is named.</exception>
    public static void Load(Module module, Stream stream, long length) => Load(Of(module), SafetensorsReader.Open(stream, length));

    /// <summary>Creates a module that is not much larger than the file, and fills it.</summary>
    /// <exception cref="FormatException">As above.</exception>
    public static T Load<T>(Func<T> create, Stream stream)
        where T : Module
    {
        var reader = SafetensorsReader.Open(stream, stream.Length);
        // Enough that a file in which a tensor is missing is told which.
        var module = Parameters.AtMost((2 * reader.Entries.Sum(entry => entry.Count)) + Spare, create);
        try
        {
            Load(Of(module), reader);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="targets"/> from a file that must hold exactly them.</summary>
    public static void Load(IReadOnlyList<(string Name, Tensor Value)> targets, SafetensorsReader reader)
    {
        Check(targets, reader.Entries);
        var byName = targets.ToDictionary(target => target.Name, target => target.Value, StringComparer.Ordinal);
        using var detached = no_grad();
        foreach (var (entry, value) in reader.ReadTensors())
        {
            using (value)
            {
                CheckFinite(entry, value);
                byName[entry.Name].copy_(value);
            }
        }
    }

    private static void CheckFinite(SafetensorsEntry entry, Tensor value)
    {
        using var scope = NewDisposeScope();
        if (value.is_floating_point() && !value.isfinite().all().item<bool>())
        {
            throw new FormatException($"The weights file is damaged: '{entry.Name}' has values that are no finite numbers.");
        }
    }

    private static void Check(IReadOnlyList<(string Name, Tensor Value)> targets, IReadOnlyList<SafetensorsEntry> entries)
    {
        var found = entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (name, value) in targets)
        {
            if (!found.Remove(name, out var entry))
            {
                problems.Add($"'{name}' is missing");
            }
            else if (entry.Type != value.dtype || !entry.Shape.AsSpan().SequenceEqual(value.shape))
            {
                problems.Add($"'{name}' is {SafetensorsEntry.Describe(entry.Type, entry.Shape)}, expected {SafetensorsEntry.Describe(value.dtype, value.shape)}");
            }
        }

        problems.AddRange(entries.Where(entry => found.ContainsKey(entry.Name)).Select(entry => $"'{entry.Name}' is not a weight of this model"));
        if (problems.Count > 0)
        {
            throw new FormatException($"The weights file does not fit the model: {string.Join("; ", problems)}.");
        }
    }
}
