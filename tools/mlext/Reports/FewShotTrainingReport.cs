using Microsoft.ML.FewShot;
using MLExt.Commands.FewShot;
using MLExt.Models;

namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext few-shot train</c>.</summary>
internal sealed class FewShotTrainingReport(FewShotHyperTransformer model, double seconds)
{
    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>What was trained.</summary>
    public string Method { get; } = FewShotMethodNames.Of(model.Method);

    /// <summary>The most classes that a classifier can have.</summary>
    public int MaxWays { get; } = model.MaxWays;

    /// <summary>Side of the square that images are brought to, in pixels.</summary>
    public int ImageSize { get; } = model.ImageSize;

    /// <summary>Whether images are seen in colour.</summary>
    public bool IsColor { get; } = model.IsColor;

    /// <summary>Channels of the classifiers' convolutions.</summary>
    public int Channels { get; } = model.Channels;

    /// <summary>How many of the convolutions are generated; null for a method that has no such choice.</summary>
    public int? GeneratedConvolutions { get; } = model.Method == FewShotMethod.HyperTransformer ? model.GeneratedConvolutions : null;

    /// <summary>What was asked for; null where the trainer's default held.</summary>
    public required FewShotTrainArguments Arguments { get; init; }

    /// <summary>Images in the data set, before any were skipped.</summary>
    public required int Images { get; init; }

    /// <summary>Classes in the data set, those held out to measure on included.</summary>
    public required int Classes { get; init; }

    /// <summary>Images that could not be decoded.</summary>
    public required int Skipped { get; init; }

    /// <summary>The parts of the model in the order of their training.</summary>
    public required IReadOnlyList<StageFigures> Stages { get; init; }

    /// <summary>Best share of right answers in the last stage, on tasks of classes held out; null where none were.</summary>
    public double? ValidationAccuracy => Stages.LastOrDefault()?.ValidationAccuracy;

    /// <summary>Seconds from the start of the command to this report.</summary>
    public double Seconds { get; } = Math.Round(seconds, 3);

    /// <summary>Whether the run was stopped by hand.</summary>
    public required bool IsStopped { get; init; }

    /// <summary>What computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => Session.Device(Arguments.Gpu);

    /// <summary>The seed.</summary>
    public int Seed => Arguments.Seed;

    /// <summary>The software that computed.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = SoftwareVersions.All();
}
