using Microsoft.ML.TTT;

namespace MLExt.CodeGeneration;

/// <summary>What generated code is about: a trained model, and the training that made it.</summary>
internal sealed record CodeSubject
{
    /// <summary>The namespace where none is asked for.</summary>
    public const string UsualNamespace = "MLModels";

    /// <summary>The model's name: that of the files, and where C# allows it of the class.</summary>
    public required string Name { get; init; }

    /// <summary>Namespace of the class.</summary>
    public string Namespace { get; init; } = UsualNamespace;

    /// <summary>The model's file name, without a folder.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The folder in which every class has a folder of images; where a zip file was given, the one it unpacks to.</summary>
    public required string ImageFolder { get; init; }

    /// <summary>Seconds that the whole training was given, or null.</summary>
    public int? TrainTime { get; init; }

    /// <summary>Passes over the images, or null for the trainer's default.</summary>
    public int? Epochs { get; init; }

    /// <summary>What mixes the tokens, or null for the trainer's default.</summary>
    public TokenMixer? TokenMixer { get; init; }

    /// <summary>Side of the square that images are brought to, or null for the trainer's choice.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; }

    /// <summary>CUDA device; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>Share of the validation images classified rightly; null where it was not measured.</summary>
    public double? MicroAccuracy { get; init; }

    /// <summary>Seconds that the training took.</summary>
    public double Seconds { get; init; }
}
