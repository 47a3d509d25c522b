using MLExt.Commands;
using MLExt.Models;

namespace MLExt.Reports;

/// <summary>The JSON of <c>mlext image-classification</c>; its metrics are over the validation images.</summary>
internal sealed class TrainingReport(Figures? figures, double seconds) : FiguresReport(figures, seconds)
{
    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked for; null where the trainer's default held.</summary>
    public required TrainArguments Arguments { get; init; }

    /// <summary>Images trained on, before any were skipped.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Images held back or given to measure on, before any were skipped.</summary>
    public required int ValidationImages { get; init; }

    /// <summary>Passes over the training images that were begun.</summary>
    public required int Epochs { get; init; }

    /// <summary>The pretrained network under the model: <c>none</c> or <c>resnet18</c>.</summary>
    public required string Backbone { get; init; }

    /// <summary>Whether the run was stopped by hand.</summary>
    public required bool IsStopped { get; init; }

    /// <summary>What computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device => Session.Device(Arguments.Gpu);

    /// <summary>The seed.</summary>
    public int Seed => Arguments.Seed;

    /// <summary>The software that computed.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; } = SoftwareVersions.All();
}
