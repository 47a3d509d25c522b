namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>The default values, in one place for options, overloads and documentation.</summary>
    internal static class Defaults
    {
        public const string LabelColumnName = "Label";
        public const string FeatureColumnName = "Features";
        public const string ScoreColumnName = "Score";
        public const string PredictedLabelColumnName = "PredictedLabel";
        public const string KnownScoreColumnName = "KnownScore";
        public const double FalseRejectionRate = 0.05;
        public const int Epoch = 20;
        public const float LearningRate = 0.002f;
        public const float MatrixLearningRate = 0.02f;
        public const float WeightDecay = 0.05f;
        public const float WarmUpFraction = 0.03f;
        public const float LabelSmoothing = 0.1f;
        public const float CropPadding = 1f / 16;
        public const float LowResolutionFraction = 0.6f;
        public const float ValidationSetFraction = 0.05f;
        public const long PixelCacheBytes = 1L << 30;
        public const int SmallestBatch = 16;
        public const int LargestBatch = 128;
    }
}
