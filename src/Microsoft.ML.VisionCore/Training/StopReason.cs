namespace Microsoft.ML.VisionCore.Training;

/// <summary>Why a run ended.</summary>
internal enum StopReason
{
    /// <summary>All epochs were made.</summary>
    Completed,
    TimeBudget,
    EarlyStopping,
    Cancelled,

    /// <summary>The loss was NaN or infinite.</summary>
    NonFiniteLoss,
}
