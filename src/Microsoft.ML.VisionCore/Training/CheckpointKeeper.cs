using Microsoft.ML.Runtime;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>When the checkpoint of a run is read, written and removed. Does nothing where the settings name no file.</summary>
internal sealed class CheckpointKeeper(TrainingSettings settings, TrainingWeights weights, TrainingClock clock, IChannel channel)
{
    /// <summary>Where the run goes on: the start, or what the file says. Fails early where the file could not be written later.</summary>
    public TrainingState Resume()
    {
        if (settings.CheckpointPath is not { } path)
        {
            return new TrainingState();
        }

        TrainingCheckpoint.CheckWritable(path);
        if (!File.Exists(path))
        {
            return new TrainingState();
        }

        var state = TrainingCheckpoint.Read(path, weights, settings.Fingerprint);
        channel.Info(MessageSensitivity.None, $"Training goes on from the checkpoint '{path}' after step {state.Step}.");
        return state;
    }

    /// <summary>A file that cannot be written now is a warning: the run itself is worth more.</summary>
    public void Write(TrainingState state)
    {
        if (settings.CheckpointPath is not { } path)
        {
            return;
        }

        try
        {
            TrainingCheckpoint.Write(path, weights, state with { Elapsed = clock.Elapsed, ValidationTime = clock.ValidationTime }, settings.Fingerprint);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            channel.Warning(MessageSensitivity.None, $"The checkpoint '{path}' could not be written after step {state.Step}: {e.Message}");
        }
    }

    public void Delete()
    {
        if (settings.CheckpointPath is { } path && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
