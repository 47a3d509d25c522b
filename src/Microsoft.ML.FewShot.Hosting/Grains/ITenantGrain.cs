namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>The list of a tenant's classifiers, and what it may have. Its key is the tenant's name.</summary>
[Alias("MLExtensions.ITenantGrain")]
internal interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>The classifiers, the last written first.</summary>
    [Alias("List")]
    Task<HostedClassifier[]> List();

    /// <summary>Enters a classifier that is about to be written, unless the tenant would have more than it may.</summary>
    [Alias("Admit")]
    Task<Outcome<bool>> Admit(HostedClassifier classifier);

    /// <summary>Makes the list agree with what is stored.</summary>
    /// <param name="name">The name of the classifier.</param>
    /// <param name="stored">What is stored under it; null for nothing.</param>
    [Alias("Correct")]
    Task Correct(string name, HostedClassifier? stored);
}
