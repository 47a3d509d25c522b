using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>Where a run of several stages is. Immutable.</summary>
/// <param name="Stage">The present stage.</param>
/// <param name="StageNumber">Its number, from 1.</param>
/// <param name="StageCount">The stages of the run.</param>
/// <param name="Training">Where the stage is.</param>
internal sealed record FewShotProgress(FewShotStage Stage, int StageNumber, int StageCount, TrainingProgress Training);
