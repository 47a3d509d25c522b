namespace MLExtensions.Accuracy.FewShot;

/// <summary>What a training run of the few-shot study trains.</summary>
internal enum FewShotTrainingKind
{
    /// <summary>A hyper-transformer that generates every layer, added to learned weights.</summary>
    AllLayers,

    /// <summary>A hyper-transformer that generates the logits layer.</summary>
    Logits,

    /// <summary>The backbone alone.</summary>
    Backbone,

    /// <summary>MAML with second-order gradients.</summary>
    Maml,

    /// <summary>MAML with first-order gradients.</summary>
    MamlFirstOrder,

    /// <summary>The meta-learner LSTM.</summary>
    LstmMetaLearner,

    /// <summary>The generator after LGM-Net.</summary>
    LgmNet,
}
