namespace Microsoft.ML.VisionCore.Training;

/// <summary>How the learning rate falls to 0 after the warm-up.</summary>
internal enum DecayShape
{
    Linear,
    Cosine,
}
