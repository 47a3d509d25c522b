namespace Microsoft.ML.FewShot.Hosting;

/// <summary>What makes a stored classifier answer. One a silo; its methods are called from several threads.</summary>
/// <remarks>An engine bounds how much it computes at a time: the scheduler of grains must not wait for it, and thousands of grains may ask at once.</remarks>
public interface IClassifierEngine
{
    /// <summary>Loads a classifier.</summary>
    /// <param name="model">The bytes of the model file.</param>
    /// <returns>The classifier, which whoever asked for it disposes of.</returns>
    /// <exception cref="HostedClassifierException">The bytes are no classifier (<see cref="HostedClassifierFault.BadModel"/>), or too much is waiting already
    /// (<see cref="HostedClassifierFault.Busy"/>).</exception>
    Task<ILoadedClassifier> LoadAsync(byte[] model);
}
