namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>What moves the weights.</summary>
    public enum OptimizerAlgorithm
    {
        /// <summary>Muon, which orthogonalises the steps of matrices, and AdamW for everything that is not a matrix. Learns in fewer steps.</summary>
        Muon,

        /// <summary>AdamW for everything.</summary>
        AdamW,
    }
}
