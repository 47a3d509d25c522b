using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.FewShot;

/// <summary>What a support set's columns are called, and what its classifier keeps and adds.</summary>
public sealed class FewShotClassifierOptions
{
    /// <summary>
    /// The name of the label column of the support set: text, or a key of type <see cref="uint"/>. A row whose label is missing (empty text, a
    /// missing key) is unlabelled. The default value is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = Defaults.LabelColumnName;

    /// <summary>The name of the column of images or features, of the support set and of what is scored. The default value is "Features".</summary>
    public string FeatureColumnName { get; set; } = Defaults.FeatureColumnName;

    /// <summary>
    /// The name of a column of candidate classes, a vector of text or keys, for rows without a label of which only some classes come into
    /// question. A row without label and without candidates is unlabelled. The default value is null: there is no such column.
    /// </summary>
    public string? CandidatesColumnName { get; set; }

    /// <summary>The name of the column of probabilities, Vector&lt;Single&gt; [W], that is added. The default value is "Score".</summary>
    public string ScoreColumnName { get; set; } = Defaults.ScoreColumnName;

    /// <summary>The name of the column of the most probable class, a key, that is added. The default value is "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = Defaults.PredictedLabelColumnName;

    /// <summary>
    /// Whether a row that is of none of the classes gets a missing predicted label. A column with the score of being known is added then, and a support set of a
    /// single class is allowed. What is known is measured on the support set and on the classes that the hyper-transformer was trained with. The default value is false.
    /// </summary>
    public bool RejectUnknown { get; set; }

    /// <summary>
    /// The share of rows of the classes that may be taken for none of them, above 0 and below 1. A smaller one lets more of the others pass. The default value is 0.05.
    /// Ignored unless <see cref="RejectUnknown"/>.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double FalseRejectionRate { get; set; } = Defaults.FalseRejectionRate;

    /// <summary>
    /// The name of the column, Single, that says how sure it is that a row is of one of the classes: 0 to 1, and below 0.5 where it is rejected. NaN where the row
    /// cannot be read. The default value is "KnownScore". Ignored unless <see cref="RejectUnknown"/>.
    /// </summary>
    public string KnownScoreColumnName { get; set; } = Defaults.KnownScoreColumnName;

    /// <summary>
    /// How the support set becomes a classifier. The default value is null: as the hyper-transformer was trained. The other methods use its
    /// embedding, except for <see cref="FewShotMethod.HyperTransformer"/>, <see cref="FewShotMethod.Maml"/>, <see cref="FewShotMethod.LstmMetaLearner"/> and <see cref="FewShotMethod.LgmNet"/>,
    /// which must have been trained.
    /// </summary>
    public FewShotMethod? Method { get; set; }

    /// <summary>
    /// Whether the support samples stay in the classifier and in its file, so that classes can be added to it later. They are as large as their
    /// pixels, S · S bytes a sample in grey and three times that in colour, or 4 · F bytes for features, and whoever has the file has them. The
    /// default value is false.
    /// </summary>
    public bool KeepSupport { get; set; }

    internal FewShotClassifierOptions Copy() => (FewShotClassifierOptions)MemberwiseClone();

    /// <summary>The default values, in one place.</summary>
    internal static class Defaults
    {
        public const string LabelColumnName = "Label";
        public const string FeatureColumnName = "Features";
        public const string ScoreColumnName = "Score";
        public const string PredictedLabelColumnName = "PredictedLabel";
        public const string KnownScoreColumnName = "KnownScore";
        public const double FalseRejectionRate = 0.05;
    }
}
