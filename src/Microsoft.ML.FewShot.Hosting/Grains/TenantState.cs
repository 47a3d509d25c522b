namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>What is stored of a tenant.</summary>
[GenerateSerializer, Alias("MLExtensions.TenantState")]
internal sealed class TenantState
{
    /// <summary>Its classifiers by their names.</summary>
    [Id(0)]
    public Dictionary<string, HostedClassifier> Classifiers { get; set; } = new(StringComparer.Ordinal);
}
