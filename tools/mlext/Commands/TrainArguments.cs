using Microsoft.ML.TTT;
using MLExt.Training;

namespace MLExt.Commands;

/// <summary>What the user asked of <c>mlext image-classification</c>; null where the trainer's own default holds.</summary>
internal sealed record TrainArguments
{
    /// <summary>Images to train on.</summary>
    public required string DataSet { get; init; }

    /// <summary>Images to validate and measure on; null to hold some of <see cref="DataSet"/> back.</summary>
    public string? ValidationDataSet { get; init; }

    /// <summary>Seconds that the whole command may take.</summary>
    public int? TrainTime { get; init; }

    /// <summary>Passes over the training images.</summary>
    public int? Epochs { get; init; }

    /// <summary>The pretrained network under the model.</summary>
    public required ImageBackbone Backbone { get; init; }

    /// <summary>What mixes the tokens.</summary>
    public TokenMixer? TokenMixer { get; init; }

    /// <summary>Side of the square that images are brought to, in pixels.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Share of images of the classes that may be taken for none of them; null where nothing is rejected.</summary>
    public double? FalseRejectionRate { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required int Seed { get; init; }

    /// <summary>CUDA device; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>The file that keeps the state of an unfinished training, or null.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What the user said of the processes of a training under MPI's launcher.</summary>
    public RankOptions Ranks { get; init; } = new(null, null);

    /// <summary>The model file to write.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The namespace of C# to write beside the model, or null to write none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The JSON to write, or null.</summary>
    public string? Json { get; init; }

    /// <summary>The HTML report to write, or null.</summary>
    public string? Report { get; init; }

    /// <summary>Whether to print the whole log.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>The part that says how to train.</summary>
    public ImageTrainingSettings ToSettings() => new()
    {
        TrainTime = TrainTime is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Epochs = Epochs,
        Backbone = Backbone,
        TokenMixer = TokenMixer,
        ImageSize = ImageSize,
        FalseRejectionRate = FalseRejectionRate,
        Seed = Seed,
        Gpu = Gpu,
        Checkpoint = Checkpoint,
    };
}
