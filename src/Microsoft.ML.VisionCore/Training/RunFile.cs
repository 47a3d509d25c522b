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
            throw new FormatException($"The checkpoint '{path}' is damaged: {e.Message} Delete it, or name another file: training then begins again.", e);
        }
    }

    /// <summary>Refuses a file that another run keeps under the name of this one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fingerprint">What this run says of itself.</param>
    /// <exception cref="InvalidOperationException">The message names the file and, where it can be read, what it belongs to.</exception>
    public static void Refuse(string path, IReadOnlyDictionary<string, string> fingerprint)
    {
        try
        {
            using var file = RegularFile.Open(path);
            CheckRun(path, SafetensorsReader.Open(file, file.Length).Metadata, fingerprint);
        }
        catch (FormatException)
        {
            // Whosever it is, it is none of this run.
        }

        throw new InvalidOperationException($"The checkpoint '{path}' belongs to another run. Delete it, or name another file.");
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
        // Of another method everything may differ. Files of older versions do not say theirs.
        var (method, other) = (fingerprint.GetValueOrDefault(RunFingerprint.Method), Saved(RunFingerprint.Method));
        if (method is not null && other is not null && method != other)
        {
            throw new InvalidOperationException($"The checkpoint '{path}' belongs to a training with the method {other}; this one is with {method}. "
                + "Delete it, name another file, or train with the method it was made with.");
        }

        var differences = RunDifferences.Describe(fingerprint.Where(pair => pair.Key != RunFingerprint.Method).ToDictionary(), Saved);
        if (differences.Length > 0)
        {
            throw new InvalidOperationException($"The checkpoint '{path}' belongs to another run: {differences}. "
                + "Delete it, name another file, or train with the settings and data it was made with.");
        }

        string? Saved(string name) => metadata.GetValueOrDefault(RunPrefix + name);
    }
}
