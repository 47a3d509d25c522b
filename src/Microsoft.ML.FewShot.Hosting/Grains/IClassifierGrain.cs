using Orleans.Concurrency;

namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>A classifier. Its key is the tenant's name, a slash, and its own. What only reads goes on while it is being replaced.</summary>
[Alias("MLExtensions.IClassifierGrain")]
internal interface IClassifierGrain : IGrainWithStringKey
{
    /// <summary>What is known of it.</summary>
    [AlwaysInterleave, Alias("Describe")]
    Task<Outcome<HostedClassifier>> Describe();

    /// <summary>The model file.</summary>
    [AlwaysInterleave, Alias("Download")]
    Task<Outcome<byte[]>> Download();

    /// <summary>What it takes an image for.</summary>
    [AlwaysInterleave, Alias("Predict")]
    Task<Outcome<HostedPrediction>> Predict(Immutable<byte[]> image);

    /// <summary>Writes it.</summary>
    /// <param name="model">The model file.</param>
    /// <param name="description">What is to be said of it.</param>
    /// <param name="isNew">Whether there may be none yet; otherwise there must be one.</param>
    [Alias("Put")]
    Task<Outcome<HostedClassifier>> Put(Immutable<byte[]> model, string description, bool isNew);

    /// <summary>Deletes it.</summary>
    [Alias("Delete")]
    Task<Outcome<bool>> Delete();

    /// <summary>Takes it off the tenant's list where there is none: a silo may have ended between entering it there and writing it.</summary>
    [Alias("Unlist")]
    Task Unlist();
}
