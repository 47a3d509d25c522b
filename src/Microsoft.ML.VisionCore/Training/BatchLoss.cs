using static TorchSharp.torch;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>What one batch gave; both are scalars.</summary>
/// <param name="Loss">With its graph.</param>
/// <param name="Accuracy">The share of right answers, float32.</param>
internal readonly record struct BatchLoss(Tensor Loss, Tensor Accuracy);
