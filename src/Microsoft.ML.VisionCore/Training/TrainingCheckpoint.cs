using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>The file that an interrupted run goes on from.</summary>
/// <remarks>
/// A <see cref="RunFile"/> with the <see cref="TrainingState"/> under "state".
/// Tensors: "model.NAME"; "best.NAME" once something was validated; "average.NAME" where a moving average is kept; "optimizer.NAME".
/// </remarks>
internal static class TrainingCheckpoint
{
    private const string StateKey = "state", Model = "model.", Best = "best.", Average = "average.", Optimizer = "optimizer.";

    /// <summary>Writes a new file and then moves it to <paramref name="path"/>.</summary>
    public static void Write(string path, TrainingWeights weights, TrainingState state, IReadOnlyDictionary<string, string> fingerprint)
    {
        using var scope = NewDisposeScope();
        var tensors = Prefixed(Model, weights.Live)
            .Concat(Prefixed(Best, weights.Best?.Tensors))
            .Concat(Prefixed(Average, weights.Ema?.Tensors))
            .Concat(Prefixed(Optimizer, weights.Optimizer.Save()));
        RunFile.Write(path, StateKey, state, tensors, fingerprint);
    }

    /// <summary>Fills <paramref name="weights"/> from the file of a run with epochs of <paramref name="batchesPerEpoch"/> and returns where the run was.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to a run with other settings or data.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static TrainingState Read(string path, TrainingWeights weights, int batchesPerEpoch, IReadOnlyDictionary<string, string> fingerprint) =>
        RunFile.Read<TrainingState>(path, StateKey, fingerprint, (state, saved) =>
        {
            if (!state.IsPossible(batchesPerEpoch))
            {
                throw new FormatException("It says that its run was where no run can be.");
            }

            Restore(Model, weights.Live, saved);
            if (state.Best is not null)
            {
                weights.TakeBest();
                Restore(Best, weights.Best!.Tensors, saved);
                SavedTensors.CheckFinite(weights.Best.Tensors);
            }

            Restore(Average, weights.Ema?.Tensors ?? [], saved);
            weights.Optimizer.Load(saved.Where(pair => pair.Key.StartsWith(Optimizer, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[Optimizer.Length..], pair => pair.Value, StringComparer.Ordinal));
        });

    /// <summary>Keeps others from writing the checkpoint, and fails early where it could not be written later.</summary>
    /// <returns>Its end lets others write. It has a file of its own, which a killed process leaves, but not in use.</returns>
    /// <exception cref="IOException">The folder is missing or cannot be written, or another training writes the checkpoint.</exception>
    public static IDisposable Lock(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new IOException("It is a folder.");
            }

            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The system's message names the lock file.
            var fault = e.Message.Replace($"{Path.GetFileName(path)}.lock", Path.GetFileName(path), StringComparison.Ordinal);
            throw new IOException($"The checkpoint '{path}' cannot be written, or another training writes it: {fault}", e);
        }
    }

    private static IEnumerable<(string Name, Tensor Value)> Prefixed(string prefix, IEnumerable<(string Name, Tensor Value)>? tensors) =>
        tensors?.Select(pair => (prefix + pair.Name, pair.Value)) ?? [];

    private static void Restore(string prefix, IReadOnlyList<(string Name, Tensor Value)> targets, IReadOnlyDictionary<string, Tensor> saved)
    {
        foreach (var (name, value) in targets)
        {
            SavedTensors.CopyTo(saved, prefix + name, value);
        }
    }
}
