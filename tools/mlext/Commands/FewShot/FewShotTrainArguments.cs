using Microsoft.ML.FewShot;
using MLExt.Training;

namespace MLExt.Commands.FewShot;

/// <summary>What the user asked of <c>mlext few-shot train</c>; null where the trainer's own default holds.</summary>
internal sealed record FewShotTrainArguments
{
    /// <summary>Images of many classes.</summary>
    public required string DataSet { get; init; }

    /// <summary>The model file to write.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Seconds that the whole command may take.</summary>
    public int? TrainTime { get; init; }

    /// <summary>What is trained.</summary>
    public FewShotMethod? Method { get; init; }

    /// <summary>Channels of the classifiers' convolutions.</summary>
    public int? Channels { get; init; }

    /// <summary>How many convolutions are generated, counted from the last.</summary>
    public int? Generated { get; init; }

    /// <summary>Side of the square that images are brought to, in pixels.</summary>
    public int? ImageSize { get; init; }

    /// <summary>The most classes that a classifier can have.</summary>
    public int? Ways { get; init; }

    /// <summary>The most labelled images of a class in a training task.</summary>
    public int? Shots { get; init; }

    /// <summary>The probability that a training image is drawn as with another pen.</summary>
    public float? StrokeVariation { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>CUDA device; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>The file that keeps the state of an unfinished training, or null.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What the user said of the processes of a training under MPI's launcher.</summary>
    public RankOptions Ranks { get; init; } = new(null, null);

    /// <summary>The JSON to write, or null.</summary>
    public string? Json { get; init; }

    /// <summary>The HTML report to write, or null.</summary>
    public string? Report { get; init; }

    /// <summary>Whether to print the whole log.</summary>
    public bool IsVerbose { get; init; }
}
