namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>What <see cref="EarlyStopping"/> watches on the validation set.</summary>
    public enum EarlyStoppingMetric
    {
        /// <summary>The share of right answers.</summary>
        Accuracy,

        /// <summary>The cross-entropy.</summary>
        Loss,
    }
}
