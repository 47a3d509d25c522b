using Microsoft.ML.VisionCore.Torch;
using TorchSharp.Modules;

namespace Microsoft.ML.VisionCore.Training;

/// <summary>A parameter as the training loop sees it. The loop never owns <paramref name="Value"/>.</summary>
internal sealed record TrainableParameter(string Name, Parameter Value, ParameterKind Kind);
