namespace Microsoft.ML.FewShot.Hosting;

/// <summary>A classifier in memory. Its methods may be called while others still run.</summary>
public interface ILoadedClassifier : IAsyncDisposable
{
    /// <summary>Says what an image shows.</summary>
    /// <param name="image">The bytes of the image file.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="HostedClassifierException">The image cannot be decoded (<see cref="HostedClassifierFault.BadImage"/>), or too much is waiting already
    /// (<see cref="HostedClassifierFault.Busy"/>).</exception>
    Task<HostedPrediction> PredictAsync(byte[] image);
}
