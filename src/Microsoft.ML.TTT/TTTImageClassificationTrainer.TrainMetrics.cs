using System.Globalization;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>How training is going. Immutable.</summary>
    public sealed class TrainMetrics
    {
        internal TrainMetrics(
            ImageClassificationMetrics.Dataset datasetUsed, int batchProcessedCount, int epoch, float accuracy, float crossEntropy, float learningRate)
        {
            DatasetUsed = datasetUsed;
            BatchProcessedCount = batchProcessedCount;
            Epoch = epoch;
            Accuracy = accuracy;
            CrossEntropy = crossEntropy;
            LearningRate = learningRate;
        }

        /// <summary>The data set that the metrics were measured on.</summary>
        public ImageClassificationMetrics.Dataset DatasetUsed { get; }

        /// <summary>The number of batches trained on in this epoch so far.</summary>
        public int BatchProcessedCount { get; }

        /// <summary>The number of the epoch, from 1.</summary>
        public int Epoch { get; }

        /// <summary>
        /// The share of right answers, in [0, 1]. On the training set it is counted on the augmented images while the weights move; there it is
        /// the share of this epoch so far.
        /// </summary>
        public float Accuracy { get; }

        /// <summary>The mean cross-entropy in nats; on the training set with smoothed labels, the mean of this epoch so far.</summary>
        public float CrossEntropy { get; }

        /// <summary>The present learning rate.</summary>
        public float LearningRate { get; }

        /// <summary>The metrics as one line.</summary>
        public override string ToString()
        {
            var line = string.Create(CultureInfo.InvariantCulture,
                $"Phase: Training, Dataset used: {DatasetUsed,10}, Batch Processed Count: {BatchProcessedCount,3}, Epoch: {Epoch,3}, " +
                $"Accuracy: {Accuracy,10}, Cross-Entropy: {CrossEntropy,10}");
            return DatasetUsed == ImageClassificationMetrics.Dataset.Train
                ? string.Create(CultureInfo.InvariantCulture, $"{line}, Learning Rate: {LearningRate,10}")
                : line;
        }
    }
}
