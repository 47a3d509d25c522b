namespace Microsoft.ML.VisionCore.Training;

/// <summary>Rates and decays. Both optimisers follow the same schedule.</summary>
internal sealed record OptimizerSettings
{
    public OptimizerKind Kind { get; init; } = OptimizerKind.Muon;

    /// <summary>AdamW's peak learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.99;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>AdamW's decoupled decay of kernels and matrices.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Muon's peak learning rate.</summary>
    public double MatrixLearningRate { get; init; } = 0.02;

    public double MatrixMomentum { get; init; } = 0.95;

    /// <summary>Muon's decoupled decay.</summary>
    public double MatrixWeightDecay { get; init; }
}
