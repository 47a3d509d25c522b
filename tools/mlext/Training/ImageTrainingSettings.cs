using Microsoft.ML.TTT;

namespace MLExt.Training;

/// <summary>How to train an image classifier; null where the trainer's own default holds.</summary>
internal sealed record ImageTrainingSettings
{
    /// <summary>Time that the whole run may take, reading and measuring included.</summary>
    public TimeSpan? TrainTime { get; init; }

    /// <summary>Passes over the training images. Ignored where <see cref="TrainTime"/> is given.</summary>
    public int? Epochs { get; init; }

    /// <summary>The pretrained network under the model.</summary>
    public ImageBackbone Backbone { get; init; } = ImageBackbone.Auto;

    /// <summary>What mixes the tokens.</summary>
    public TokenMixer? TokenMixer { get; init; }

    /// <summary>Side of the square that images are brought to, in pixels.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Share of images of the classes that may be taken for none of them; null where nothing is rejected.</summary>
    public double? FalseRejectionRate { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }

    /// <summary>CUDA device; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>The file that keeps the state of an unfinished training, or null.</summary>
    public string? Checkpoint { get; init; }
}
