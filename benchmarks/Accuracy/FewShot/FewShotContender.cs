namespace MLExtensions.Accuracy.FewShot;

/// <summary>One row of the few-shot study: what is trained, and who then solves the tasks.</summary>
/// <param name="Name">The row's name on the command line and in the table.</param>
/// <param name="Training">What the time is spent on.</param>
internal sealed record FewShotContender(string Name, FewShotTrainingKind Training)
{
    /// <summary>Every method; those that are trained alike share one training run.</summary>
    internal static IReadOnlyList<FewShotContender> All { get; } =
    [
        new("all-layers", FewShotTrainingKind.AllLayers),
        new("logits", FewShotTrainingKind.Logits),
        new("prototypes", FewShotTrainingKind.Backbone),
        new("soft-k-means", FewShotTrainingKind.Backbone),
        new("logistic-regression", FewShotTrainingKind.Backbone),
        new("maml", FewShotTrainingKind.Maml),
        new("maml-first-order", FewShotTrainingKind.MamlFirstOrder),
        new("lstm-meta-learner", FewShotTrainingKind.LstmMetaLearner),
        new("lgm-net", FewShotTrainingKind.LgmNet),
    ];
}
