using MLExt.Serve.Contract;

namespace MLExt.Serve.Classifiers;

/// <summary>A classifier as it was generated. Owns what answers.</summary>
/// <param name="Answer">What is said of it.</param>
/// <param name="File">The model file.</param>
/// <param name="Served">What answers.</param>
internal sealed record StoredClassifier(ClassifierAnswer Answer, byte[] File, ServedClassifier Served) : IDisposable
{
    /// <summary>Disposes of what answers. Runs on the <see cref="ModelThread"/>.</summary>
    public void Dispose() => Served.Dispose();
}
