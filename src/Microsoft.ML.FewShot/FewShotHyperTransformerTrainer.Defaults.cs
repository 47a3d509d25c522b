namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>The default values, in one place for options, overloads and documentation.</summary>
    internal static class Defaults
    {
        public const string LabelColumnName = FewShotClassifierOptions.Defaults.LabelColumnName;
        public const string FeatureColumnName = FewShotClassifierOptions.Defaults.FeatureColumnName;
        public const string ScoreColumnName = FewShotClassifierOptions.Defaults.ScoreColumnName;
        public const string PredictedLabelColumnName = FewShotClassifierOptions.Defaults.PredictedLabelColumnName;
        public const int ImageSize = 28;
        public const int Channels = 64;
        public const int MaxWays = 20;
        public const int MinShots = 1;
        public const int MaxShots = 5;
        public const int MaxUnlabeled = 4;
        public const int EncoderHeads = 2;
        public const float AffineVariation = 0.5f;
        public const float ValidationClassFraction = 0.05f;
    }
}
