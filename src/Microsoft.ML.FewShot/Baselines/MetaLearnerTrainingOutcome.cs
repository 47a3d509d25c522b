using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.FewShot.Baselines;

/// <summary>A trained model in evaluation mode. Whoever takes it owns <paramref name="Model"/>.</summary>
/// <param name="Model">With the best weights.</param>
/// <param name="Scale">How pixels become the model's input; of vectors, what the model has taken over already.</param>
/// <param name="Result">What the training came to.</param>
internal sealed record MetaLearnerTrainingOutcome(MetaLearner Model, ImageNormalization Scale, TrainingResult Result);
