namespace MLExtensions.Serving;

/// <summary>A question that has been answered, or not.</summary>
/// <param name="Classifier">The place of the classifier among all that are asked.</param>
/// <param name="Server">The server that was asked last.</param>
/// <param name="Began">When, by the clock of the load.</param>
/// <param name="Took">How long it took, with asking again.</param>
/// <param name="Reply">What came at last.</param>
/// <param name="First">Why another server was asked; null where none was.</param>
internal readonly record struct Asked(int Classifier, Client Server, TimeSpan Began, TimeSpan Took, Reply Reply, string? First)
{
    /// <summary>When the answer was there.</summary>
    internal TimeSpan Ended => Began + Took;
}
