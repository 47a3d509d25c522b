using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Weights;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>When the checkpoint of a run is read, written and removed. Does nothing where the settings name no file.</summary>
internal sealed class CheckpointKeeper(TrainingSettings settings, TrainingWeights weights, TrainingClock clock, int batchesPerEpoch, IChannel channel) : IDisposable
{
    private IDisposable? _lock;

    /// <summary>Where the run goes on: the start, or what the file says. Fails early where the file could not be written later.</summary>
    public TrainingState Resume()
    {
        if (settings.CheckpointPath is not { } path)
        {
            return new TrainingState();
        }

        _lock = settings.IsCheckpointLocked || !settings.Team.IsFirst ? null : TrainingCheckpoint.Lock(path);
        using var file = new TeamFile(path, settings.Team);
        if (!File.Exists(file.Path))
        {
            return new TrainingState();
        }

        var state = TrainingCheckpoint.Read(file.Path, weights, batchesPerEpoch, settings.Fingerprint);
        channel.Info(MessageSensitivity.None, $"Training goes on from the checkpoint '{path}' after step {state.Step}.");
        return state;
    }

    /// <summary>A file that cannot be written now is a warning: the run itself is worth more.</summary>
    public void Write(TrainingState state)
    {
        if (settings.CheckpointPath is { } path && settings.Team.IsFirst)
        {
            Try(channel, $"The checkpoint '{path}' could not be written after step {state.Step}",
                () => TrainingCheckpoint.Write(path, weights, state with { Elapsed = clock.Elapsed, ValidationTime = clock.ValidationTime }, settings.Fingerprint));
        }
    }

    public void Delete()
    {
        if (settings.CheckpointPath is { } path && settings.Team.IsFirst)
        {
            Try(channel, $"The checkpoint '{path}' could not be deleted at the end of the training", () => DeleteWithUnfinished(path));
        }
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>Deletes a file of a run, and what a process left that was killed while it wrote it.</summary>
    public static void DeleteWithUnfinished(string path)
    {
        foreach (var file in (string[])[path, SafetensorsWriter.Unfinished(path)])
        {
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Makes a warning of a file that cannot be written or deleted.</summary>
    public static void Try(IChannel channel, string complaint, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            channel.Warning(MessageSensitivity.None, $"{complaint}: {e.Message}");
        }
    }
}
