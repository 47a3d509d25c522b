using System.Globalization;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>How far the phase before the training is, in which a backbone computes the features of every image once. Immutable.</summary>
    public sealed class BottleneckMetrics
    {
        internal BottleneckMetrics(int index, int total) => (Index, Total) = (index, total);

        /// <summary>Images that have their features.</summary>
        public int Index { get; }

        /// <summary>Images of the training and the validation set.</summary>
        public int Total { get; }

        /// <summary>The metrics as one line.</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Features: {Index} of {Total} images");
    }
}
