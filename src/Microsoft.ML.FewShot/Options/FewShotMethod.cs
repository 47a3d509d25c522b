namespace Microsoft.ML.FewShot;

/// <summary>How a support set becomes a classifier.</summary>
public enum FewShotMethod
{
    /// <summary>A transformer reads the support set and generates the classifier's weights.</summary>
    HyperTransformer,

    /// <summary>The nearest class mean in the space of a learned embedding. Unlabelled samples are not used.</summary>
    PrototypicalNetwork,

    /// <summary>The nearest class mean, moved by the unlabelled samples in soft k-means steps.</summary>
    SoftKMeans,

    /// <summary>Logistic regression on a learned embedding that stays as it is. Unlabelled samples are not used.</summary>
    LogisticRegression,

    /// <summary>Gradient steps from weights that were learned for it (model-agnostic meta-learning). Unlabelled samples are not used.</summary>
    Maml,

    /// <summary>
    /// Ridge regression in closed form on an embedding that stays as it is, with unlabelled samples as soft k-means sorts them. What photographs and embeddings of
    /// other models are solved with.
    /// </summary>
    RidgeRegression,

    /// <summary>Updates of learned start weights by the gates of a recurrent cell that sees gradient, loss and weight (the meta-learner LSTM). Unlabelled samples are not used.</summary>
    LstmMetaLearner,

    /// <summary>
    /// Kernels from a context that is sampled from the mean of a support set, and queries matched with its samples by cosine similarity (after LGM-Net). Unlabelled samples are not used.
    /// </summary>
    LgmNet,
}
