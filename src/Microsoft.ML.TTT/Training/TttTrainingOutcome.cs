using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT.Training;

/// <summary>A trained model in evaluation mode. Whoever takes it owns <paramref name="Model"/>.</summary>
internal sealed record TttTrainingOutcome(VisionTransformer Model, ImageNormalization Normalization, TrainingResult Result);
