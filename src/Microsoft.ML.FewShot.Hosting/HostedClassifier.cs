namespace Microsoft.ML.FewShot.Hosting;

/// <summary>What is known of a classifier that is kept.</summary>
/// <param name="Name">Its name, one of its kind within the tenant.</param>
/// <param name="Description">What whoever made it wrote with it; any text.</param>
/// <param name="Bytes">The size of the model file.</param>
/// <param name="Version">1, and one more each time that it was replaced.</param>
/// <param name="Written">When it was written last.</param>
[GenerateSerializer, Immutable, Alias("MLExtensions.HostedClassifier")]
public sealed record HostedClassifier(
    [property: Id(0)] string Name,
    [property: Id(1)] string Description,
    [property: Id(2)] long Bytes,
    [property: Id(3)] int Version,
    [property: Id(4)] DateTimeOffset Written);
