using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>How long and how fast a stage trains.</summary>
internal sealed record StageSettings
{
    /// <summary>Its part of a time budget, in parts of the parts of all stages of the run.</summary>
    public required double Share { get; init; }

    /// <summary>Its steps where there is no time budget; 0 leaves the stage out.</summary>
    public required int Steps { get; init; }

    public required OptimizerSettings Optimizer { get; init; }

    /// <summary>The factor on the rate of generators' parameters.</summary>
    public double GeneratorLearningRateScale { get; init; } = 1;

    public double WarmUpFraction { get; init; } = 0.03;

    public double ClipNorm { get; init; } = 1;
}
