namespace Microsoft.ML.FewShot.Hosting.Grains;

/// <summary>What is stored of a classifier: all in one record, so that no reader finds a part of one version with a part of another.</summary>
[GenerateSerializer, Alias("MLExtensions.ClassifierState")]
internal sealed class ClassifierState
{
    /// <summary>What is known of it.</summary>
    [Id(0)]
    public HostedClassifier? Known { get; set; }

    /// <summary>The model file.</summary>
    [Id(1)]
    public byte[] Model { get; set; } = [];
}
