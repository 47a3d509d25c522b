namespace Microsoft.ML.FewShot.Models;

/// <summary>Whose statistics normalise the channels of the target network.</summary>
internal enum FewShotNormalization
{
    /// <summary>The batch's in training, running ones in scoring: a query's score depends on no other row.</summary>
    Running,

    /// <summary>The task's support samples', for the support and the queries alike.</summary>
    Support,

    /// <summary>The support samples' while weights are generated, the query batch's while queries are classified: transductive, as the paper's code is.</summary>
    Query
}
