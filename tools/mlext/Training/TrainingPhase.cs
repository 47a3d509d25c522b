namespace MLExt.Training;

/// <summary>What a training run is doing.</summary>
internal enum TrainingPhase
{
    /// <summary>Images are read and decoded; nothing is learned yet.</summary>
    Reading,

    /// <summary>The model learns.</summary>
    Training,
}
