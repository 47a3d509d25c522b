namespace Microsoft.ML.VisionCore.Training;

/// <summary>Which optimiser moves the matrices.</summary>
internal enum OptimizerKind
{
    /// <summary>Muon for matrices, AdamW for everything else.</summary>
    Muon,

    /// <summary>AdamW for everything.</summary>
    AdamW,
}
