namespace Samples.EmbeddingClassifier;

/// <summary>What the classifier says of a picture.</summary>
internal sealed class PatternAnswer
{
    /// <summary>The most probable pattern.</summary>
    public string PredictedLabel { get; set; } = "";
}
