namespace Microsoft.ML.FewShot.Hosting;

/// <summary>What a classifier takes an image for.</summary>
/// <param name="Label">The class; null where the image is of none of them.</param>
/// <param name="Classes">The classes, the most probable first.</param>
/// <param name="Probabilities">Their probabilities in the same order, each 0 to 1.</param>
/// <param name="KnownScore">How sure it is, 0 to 1, that the image is of one of the classes; null of a classifier that does not say.</param>
/// <param name="Milliseconds">What the answer took to compute, without waiting.</param>
[GenerateSerializer, Immutable, Alias("MLExtensions.HostedPrediction")]
public sealed record HostedPrediction(
    [property: Id(0)] string? Label,
    [property: Id(1)] string[] Classes,
    [property: Id(2)] float[] Probabilities,
    [property: Id(3)] float? KnownScore,
    [property: Id(4)] double Milliseconds);
