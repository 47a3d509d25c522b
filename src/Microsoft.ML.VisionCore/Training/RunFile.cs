using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>A file with tensors of an unfinished run.</summary>
/// <remarks>
/// A safetensors file (see <see cref="SafetensorsWriter"/>). Metadata: KEY, what is said of the run, as JSON; "run.NAME", what the run must agree on; "sha256",
/// the checksum of everything else, which files of older versions lack.
/// </remarks>
internal static class RunFile
{
    internal const string ChecksumKey = "sha256";

    private const string RunPrefix = "run.";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes a new file and then moves it to <paramref name="path"/>.</summary>
    public static void Write<T>(string path, string key, T state, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> fingerprint)
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        (string Name, Tensor Value)[] values = [.. tensors.Select(pair => (pair.Name, pair.Value.detach().cpu().contiguous()))];
        var metadata = fingerprint.ToDictionary(pair => RunPrefix + pair.Key, pair => pair.Value);
        metadata.Add(key, JsonSerializer.Serialize(state, Json));
        metadata.Add(ChecksumKey, Checksum(values, metadata));
        SafetensorsWriter.WriteFile(path, values, metadata);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key of what is said of the run.</param>
    /// <param name="fingerprint">What the run must agree on.</param>
    /// <param name="restore">Takes over the tensors, which live until it returns.</param>
    /// <exception cref="InvalidOperationException">The file belongs to a run with other settings or data.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static T Read<T>(string path, string key, IReadOnlyDictionary<string, string> fingerprint, Action<T, IReadOnlyDictionary<string, Tensor>> restore)
        where T : class
    {
        using var scope = NewDisposeScope();
        using var detached = no_grad();
        try
        {
            using var file = RegularFile.Open(path);
            var reader = SafetensorsReader.Open(file, file.Length);
            CheckRun(path, reader.Metadata, fingerprint);
            var saved = reader.ReadTensors().ToDictionary(pair => pair.Entry.Name, pair => pair.Value, StringComparer.Ordinal);
            if (reader.Metadata.TryGetValue(ChecksumKey, out var checksum) && checksum != Checksum(saved.Select(pair => (pair.Key, pair.Value)), reader.Metadata))
            {
                throw new FormatException("Its content does not have the checksum that it was written with.");
            }

            var state = JsonSerializer.Deserialize<T>(reader.Metadata.GetValueOrDefault(key) ?? "null", Json) ?? throw new FormatException("It does not say where its run was.");
            restore(state, saved);
            return state;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw new FormatException($"The checkpoint '{path}' is damaged: {e.Message} Without the file, training begins again.", e);
        }
    }

    /// <summary>The SHA-256 of names, shapes and elements, and of all metadata but itself.</summary>
    internal static string Checksum(IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in metadata.Where(pair => pair.Key != ChecksumKey).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{value}\n"));
        }

        foreach (var (name, value) in tensors.OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{SafetensorsEntry.Describe(value.dtype, value.shape)}\n"));
            if (value.numel() > 0)
            {
                hash.AppendData(value.bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void CheckRun(string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string> fingerprint)
    {
        var differences = fingerprint
            .Where(pair => metadata.GetValueOrDefault(RunPrefix + pair.Key) != pair.Value)
            .SelectMany(pair => Differences(pair.Key, pair.Value, metadata.GetValueOrDefault(RunPrefix + pair.Key)))
            .ToArray();
        if (differences.Length > 0)
        {
            throw new InvalidOperationException($"The checkpoint '{path}' belongs to another run: {string.Join("; ", differences)}. "
                + "Delete it, name another file, or train with the settings and data it was made with.");
        }
    }

    // Of two objects in JSON those of their properties that differ.
    private static IEnumerable<string> Differences(string name, string value, string? saved)
    {
        if (saved is not ['{', ..] || value is not ['{', ..])
        {
            return [$"{name} is {Outline(value)}, in the checkpoint {Outline(saved ?? "absent")}"];
        }

        var (now, then) = (Properties(value), Properties(saved));
        return now.Keys.Union(then.Keys, StringComparer.Ordinal).Where(key => Text(now, key) != Text(then, key))
            .Select(key => $"{key} of the {name} is {Text(now, key)}, in the checkpoint {Text(then, key)}");

        static string Outline(string text) => text is ['{', ..] ? "given" : text;

        static Dictionary<string, JsonElement> Properties(string text) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text)!;

        static string Text(Dictionary<string, JsonElement> all, string key) => all.TryGetValue(key, out var found) ? found.GetRawText() : "absent";
    }
}
