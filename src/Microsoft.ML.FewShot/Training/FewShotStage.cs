namespace Microsoft.ML.FewShot.Training;

/// <summary>A part of a training run.</summary>
internal enum FewShotStage
{
    /// <summary>The backbone, so that examples of one class lie together.</summary>
    Backbone,

    /// <summary>The temperatures and weights of soft k-means, on the finished backbone.</summary>
    Clusters,

    /// <summary>The generator of the logits layer, on the finished backbone.</summary>
    Logits,

    /// <summary>Everything together, on tasks.</summary>
    Together,
}
