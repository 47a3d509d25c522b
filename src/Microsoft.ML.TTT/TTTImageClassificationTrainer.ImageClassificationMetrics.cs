namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>What a metrics callback is told. Immutable, and a new one at each call.</summary>
    public sealed class ImageClassificationMetrics
    {
        internal ImageClassificationMetrics(TrainMetrics train, double progress, TimeSpan elapsed, int skippedRows)
        {
            Train = train;
            Progress = progress;
            Elapsed = elapsed;
            SkippedRows = skippedRows;
        }

        internal ImageClassificationMetrics(BottleneckMetrics bottleneck, TimeSpan elapsed, int skippedRows)
        {
            Train = new TrainMetrics(Dataset.Train, 0, 0, float.NaN, float.NaN, 0);
            Bottleneck = bottleneck;
            Elapsed = elapsed;
            SkippedRows = skippedRows;
        }

        /// <summary>The data set that metrics were measured on.</summary>
        public enum Dataset
        {
            /// <summary>The training set.</summary>
            Train,

            /// <summary>The validation set.</summary>
            Validation,
        }

        /// <summary>The metrics; while a backbone computes its features they are those of epoch 0, and not numbers.</summary>
        public TrainMetrics Train { get; }

        /// <summary>How many images have the features that a backbone computes before the training; null where there is none, and during the training.</summary>
        public BottleneckMetrics? Bottleneck { get; }

        /// <summary>How much of the training is done, in [0, 1].</summary>
        public double Progress { get; }

        /// <summary>Time spent in training so far.</summary>
        public TimeSpan Elapsed { get; }

        /// <summary>Rows of the training and the validation set that were left out because they have no label or no image that can be read.</summary>
        public int SkippedRows { get; }

        /// <summary>The metrics as one line.</summary>
        public override string ToString() => Bottleneck?.ToString() ?? Train.ToString();
    }
}
