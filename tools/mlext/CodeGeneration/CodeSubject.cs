using MLExt.Training;

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

    /// <summary>How it was trained.</summary>
    public required ImageTrainingSettings Settings { get; init; }

    /// <summary>Share of the validation images classified rightly; null where it was not measured.</summary>
    public double? MicroAccuracy { get; init; }

    /// <summary>Seconds that the training took.</summary>
    public double Seconds { get; init; }
}
