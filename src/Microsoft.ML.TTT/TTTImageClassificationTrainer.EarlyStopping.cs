namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>When training stops because it no longer gets better. Immutable; the count of epochs waited belongs to the training run.</summary>
    public sealed class EarlyStopping
    {
        /// <summary>Creates a criterion.</summary>
        /// <param name="minDelta">The smallest change that counts as an improvement; its sign is ignored.</param>
        /// <param name="patience">Epochs without an improvement after which training stops; at least 1.</param>
        /// <param name="metric">The validation metric that is watched.</param>
        /// <param name="checkIncreasing">Not needed: accuracy is to rise and the loss is to fall, whatever is given here.
        /// It stands here so that calls written for ML.NET's image classification trainer compile.</param>
        public EarlyStopping(float minDelta = 0.01f, int patience = 20, EarlyStoppingMetric metric = EarlyStoppingMetric.Accuracy, bool checkIncreasing = true)
        {
            _ = checkIncreasing;
            MinDelta = Math.Abs(minDelta);
            Patience = patience;
            Metric = metric;
        }

        /// <summary>The smallest change that counts as an improvement, at least 0.</summary>
        public float MinDelta { get; }

        /// <summary>Epochs without an improvement after which training stops.</summary>
        public int Patience { get; }

        /// <summary>The validation metric that is watched.</summary>
        public EarlyStoppingMetric Metric { get; }

        /// <summary>True where the metric is to rise.</summary>
        public bool CheckIncreasing => Metric == EarlyStoppingMetric.Accuracy;
    }
}
