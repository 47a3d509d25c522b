using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.VisionCore.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Training;

/// <summary>Trains a vision transformer on a decoded data set.</summary>
internal static class TttTraining
{
    /// <summary>Builds a model, trains it, and returns it with the best weights.</summary>
    /// <param name="validation">Null means that <see cref="TttTrainingSettings.ValidationFraction"/> of <paramref name="training"/> is held out.</param>
    public static TttTrainingOutcome Train(IChannel channel, ModelShape shape, ImageDataSet training, ImageDataSet? validation,
        TttTrainingSettings settings, Device device) => throw new InvalidOperationException();
}
