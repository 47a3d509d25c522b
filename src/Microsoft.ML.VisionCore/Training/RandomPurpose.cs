namespace Microsoft.ML.VisionCore.Training;

/// <summary>What a random number is drawn for; draws for different purposes never depend on each other.</summary>
internal enum RandomPurpose
{
    Split = 1,
    Order,
    Stream,
    Augment,
    Mirror,
    Mix,
    Episode,
    Classes,
    Weights,
}
