using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.FewShot.Support;

/// <summary>The names of all columns that few-shot models read and add.</summary>
/// <param name="Label">The labels of support rows.</param>
/// <param name="Feature">The images or features.</param>
/// <param name="Group">What tells tasks apart; null where there is one task.</param>
/// <param name="Candidates">The candidate classes of rows without a label; null where there are none.</param>
/// <param name="Added">The columns added.</param>
internal sealed record FewShotColumns(string Label, string Feature, string? Group, string? Candidates, ScoreColumns Added)
{
    /// <summary>The standard names.</summary>
    public static FewShotColumns Standard => Of(new FewShotClassifierOptions());

    public static FewShotColumns Of(FewShotClassifierOptions options) => new(options.LabelColumnName, options.FeatureColumnName, null,
        options.CandidatesColumnName, new ScoreColumns(options.ScoreColumnName, options.PredictedLabelColumnName, options.RejectUnknown ? options.KnownScoreColumnName ?? "" : null));
}
