using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Training;

/// <summary>A trained model in evaluation mode. Whoever takes it owns <paramref name="Model"/>.</summary>
/// <param name="Model">With the best weights of every stage.</param>
/// <param name="Scale">How pixels become the model's input; of vectors, what the model has taken over already.</param>
/// <param name="Stages">What the stages came to, in order; those that a cancellation left out are missing.</param>
/// <param name="IsCancelled">Whether the run was cancelled.</param>
internal sealed record FewShotTrainingOutcome(
    HyperTransformerModel Model, ImageNormalization Scale, IReadOnlyList<(FewShotStage Stage, TrainingResult Result)> Stages, bool IsCancelled);
