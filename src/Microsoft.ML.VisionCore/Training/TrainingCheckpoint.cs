using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The file that an interrupted run goes on from.</summary>
/// <remarks>
/// A safetensors file (see <see cref="SafetensorsWriter"/>). Metadata: "state", the <see cref="TrainingState"/> as JSON; "run.NAME", what the run must agree on.
/// Tensors: "model.NAME"; "best.NAME" once something was validated; "average.NAME" where a moving average is kept; "optimizer.NAME".
/// </remarks>
internal static class TrainingCheckpoint
{
    private const string StateKey = "state", RunPrefix = "run.", Model = "model.", Best = "best.", Average = "average.", Optimizer = "optimizer.";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes a new file and then moves it to <paramref name="path"/>.</summary>
    public static void Write(string path, TrainingWeights weights, TrainingState state, IReadOnlyDictionary<string, string> fingerprint)
    {
        using var scope = NewDisposeScope();
        var metadata = fingerprint.ToDictionary(pair => RunPrefix + pair.Key, pair => pair.Value);
        metadata.Add(StateKey, JsonSerializer.Serialize(state, Json));
        var tensors = Prefixed(Model, weights.Live)
            .Concat(Prefixed(Best, weights.Best?.Tensors))
            .Concat(Prefixed(Average, weights.Ema?.Tensors))
            .Concat(Prefixed(Optimizer, weights.Optimizer.Save()));
        SafetensorsWriter.WriteFile(path, tensors, metadata);
    }

    /// <summary>Fills <paramref name="weights"/> from the file and returns where the run was.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to a run with other settings or data.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static TrainingState Read(string path, TrainingWeights weights, IReadOnlyDictionary<string, string> fingerprint)
    {
        using var file = File.OpenRead(path);
        using var scope = NewDisposeScope();
        var reader = SafetensorsReader.Open(file, file.Length);
        CheckRun(path, reader.Metadata, fingerprint);
        var state = ParseState(path, reader.Metadata);
        var saved = reader.ReadTensors().ToDictionary(pair => pair.Entry.Name, pair => pair.Value, StringComparer.Ordinal);

        using var detached = no_grad();
        Restore(Model, weights.Live, saved);
        if (state.Best is not null)
        {
            weights.TakeBest();
            Restore(Best, weights.Best!.Tensors, saved);
        }

        Restore(Average, weights.Ema?.Tensors ?? [], saved);
        weights.Optimizer.Load(saved.Where(pair => pair.Key.StartsWith(Optimizer, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Optimizer.Length..], pair => pair.Value, StringComparer.Ordinal));
        return state;
    }

    /// <summary>Fails early where a checkpoint could not be written later.</summary>
    /// <exception cref="IOException">The folder is missing or cannot be written.</exception>
    public static void CheckWritable(string path)
    {
        try
        {
            var probe = path + ".tmp";
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new IOException($"The checkpoint '{path}' cannot be written: {e.Message}", e);
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Prefixed(string prefix, IEnumerable<(string Name, Tensor Value)>? tensors) =>
        tensors?.Select(pair => (prefix + pair.Name, pair.Value)) ?? [];

    private static void Restore(string prefix, IReadOnlyList<(string Name, Tensor Value)> targets, Dictionary<string, Tensor> saved)
    {
        foreach (var (name, value) in targets)
        {
            SavedTensors.CopyTo(saved, prefix + name, value);
        }
    }

    private static void CheckRun(string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string> fingerprint)
    {
        var differences = fingerprint
            .Where(pair => metadata.GetValueOrDefault(RunPrefix + pair.Key) != pair.Value)
            .Select(pair => $"{pair.Key} is {pair.Value}, in the checkpoint {metadata.GetValueOrDefault(RunPrefix + pair.Key) ?? "absent"}")
            .ToArray();
        if (differences.Length > 0)
        {
            throw new InvalidOperationException($"The checkpoint '{path}' belongs to another run: {string.Join("; ", differences)}. "
                + "Delete it, name another file, or train with the settings and data it was made with.");
        }
    }

    private static TrainingState ParseState(string path, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingState>(metadata[StateKey], Json) is { Step: > 0, Epoch: >= 0, Batch: >= 0 } state
                ? state
                : throw new JsonException("It has no place in a run.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new FormatException($"The checkpoint '{path}' does not say where its run was: {e.Message}", e);
        }
    }
}
