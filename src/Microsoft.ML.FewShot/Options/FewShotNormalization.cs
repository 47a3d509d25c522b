namespace Microsoft.ML.FewShot;

/// <summary>Which statistics the normalisation of the classifier's layers uses.</summary>
public enum FewShotNormalization
{
    /// <summary>Averages from training.</summary>
    Running,

    /// <summary>Those of the support set.</summary>
    Support,

    /// <summary>
    /// Those of the queries that are scored together. The answer to one query then depends on the others (transductive), so it is for comparison
    /// with the paper only: a classifier of its own uses the support set's statistics instead.
    /// </summary>
    Query,
}
