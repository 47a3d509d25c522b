namespace Microsoft.ML.FewShot.Training;

/// <summary>A part of a training run.</summary>
internal enum FewShotStage
{
    /// <summary>The trunk, so that examples of one class lie together.</summary>
    Trunk,

    /// <summary>The temperatures and weights of soft k-means, on the finished trunk.</summary>
    Clusters,

    /// <summary>The generator of the logits layer, on the finished trunk.</summary>
    Logits,

    /// <summary>Everything together, on tasks.</summary>
    Tasks,
}
