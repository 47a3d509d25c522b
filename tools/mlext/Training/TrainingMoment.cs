namespace MLExt.Training;

/// <summary>Where a training run is. Immutable; null stands for what is not known yet.</summary>
internal sealed record TrainingMoment
{
    /// <summary>What is being done.</summary>
    public TrainingPhase Phase { get; init; }

    /// <summary>How much of the phase is done, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Images read so far, each counted once.</summary>
    public int ImagesRead { get; init; }

    /// <summary>Images to be read, those to measure on included.</summary>
    public int Images { get; init; }

    /// <summary>The epoch that training is in, from 1; 0 before it began.</summary>
    public int Epoch { get; init; }

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Time that the training will probably still take.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>Mean loss of this epoch so far.</summary>
    public float? TrainLoss { get; init; }

    /// <summary>Share of right answers on the (augmented) training images in this epoch so far, 0 to 1.</summary>
    public float? TrainAccuracy { get; init; }

    /// <summary>Loss on the validation images when they were last measured.</summary>
    public float? ValidationLoss { get; init; }

    /// <summary>Share of right answers on the validation images when they were last measured, 0 to 1.</summary>
    public float? ValidationAccuracy { get; init; }

    /// <summary>The best share of right answers on the validation images so far, 0 to 1.</summary>
    public float? BestAccuracy { get; init; }

    /// <summary>Whether the validation images have just been measured.</summary>
    public bool IsValidation { get; init; }

    /// <summary>Images that training and validation left out because they could not be decoded.</summary>
    public int? Skipped { get; init; }
}
