using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>A parameter as the training loop sees it. The loop never owns <paramref name="Value"/>.</summary>
/// <param name="Name">Its name in weights files.</param>
/// <param name="Value">The tensor that the optimiser moves.</param>
/// <param name="Kind">How the optimiser treats it.</param>
/// <param name="LearningRateScale">The factor on AdamW's learning rate; Muon does not know it.</param>
internal sealed record TrainableParameter(string Name, Parameter Value, ParameterKind Kind, double LearningRateScale = 1);
