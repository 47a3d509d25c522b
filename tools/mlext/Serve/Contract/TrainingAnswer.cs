using MLExt.Training;

namespace MLExt.Serve.Contract;

/// <summary>A training, while it runs and after.</summary>
internal sealed record TrainingAnswer
{
    /// <summary>What its address ends with.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the images.</summary>
    public required string DataSet { get; init; }

    /// <summary>Whether it runs, or how it ended.</summary>
    public required TrainingState State { get; init; }

    /// <summary>What is being done: "reading", "training" or "measuring".</summary>
    public required string Phase { get; init; }

    /// <summary>How much of its time has passed, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>Seconds that it has taken.</summary>
    public required double Elapsed { get; init; }

    /// <summary>Seconds that are left of its time.</summary>
    public required double Remaining { get; init; }

    /// <summary>What computes: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Images to train and to measure on.</summary>
    public required int Images { get; init; }

    /// <summary>Images of these that have been read.</summary>
    public required int ImagesRead { get; init; }

    /// <summary>Images that were left out because they could not be decoded; null while that is not known.</summary>
    public int? Skipped { get; init; }

    /// <summary>The classes in the order of the scores; null while there is no model.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Whether a token mixer of the model learns in steps, so that it has inner losses; null while there is no model.</summary>
    public bool? LearnsInSteps { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>One point an epoch; the last may still be moving.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }
}
