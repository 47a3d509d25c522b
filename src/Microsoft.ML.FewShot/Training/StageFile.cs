using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Training;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Training;

/// <summary>The weights of a finished stage, kept until the run is finished.</summary>
/// <remarks>A safetensors file. Metadata: "result", the <see cref="TrainingResult"/> as JSON; "run.NAME", what the run must agree on. Tensors: the stage's state.</remarks>
internal static class StageFile
{
    private const string ResultKey = "result", RunPrefix = "run.";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Write(string path, IReadOnlyList<(string Name, Tensor Value)> state, TrainingResult result, IReadOnlyDictionary<string, string> fingerprint)
    {
        var metadata = fingerprint.ToDictionary(pair => RunPrefix + pair.Key, pair => pair.Value);
        metadata.Add(ResultKey, JsonSerializer.Serialize(result, Json));
        SafetensorsWriter.WriteFile(path, state, metadata);
    }

    /// <summary>Fills <paramref name="state"/> and says what the stage came to; null where there is no file.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to a run with other settings or data.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static TrainingResult? Read(string path, IReadOnlyList<(string Name, Tensor Value)> state, IReadOnlyDictionary<string, string> fingerprint)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenRead(path);
        using var scope = NewDisposeScope();
        var reader = SafetensorsReader.Open(file, file.Length);
        if (fingerprint.FirstOrDefault(pair => reader.Metadata.GetValueOrDefault(RunPrefix + pair.Key) != pair.Value) is { Key: { } name } other)
        {
            throw new InvalidOperationException($"'{path}' belongs to another run: {name} is {other.Value}, there "
                + $"{reader.Metadata.GetValueOrDefault(RunPrefix + name) ?? "absent"}. Delete it, or train with the settings and data it was made with.");
        }

        try
        {
            var result = JsonSerializer.Deserialize<TrainingResult>(reader.Metadata.GetValueOrDefault(ResultKey) ?? "null", Json);
            ModuleWeights.Load(state, reader);
            return result ?? throw new FormatException($"'{path}' does not say what its stage came to.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{path}' does not say what its stage came to: {e.Message}", e);
        }
    }
}
