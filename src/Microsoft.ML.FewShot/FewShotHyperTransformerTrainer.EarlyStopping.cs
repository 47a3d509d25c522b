namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>When training stops because it no longer gets better. Immutable; what has been waited belongs to the training run.</summary>
    /// <param name="minDelta">The smallest gain in accuracy that counts as one; its sign is ignored.</param>
    /// <param name="patience">Validations without a gain after which training stops; at least 1.</param>
    public sealed class EarlyStopping(float minDelta = 0.001f, int patience = 10)
    {
        /// <summary>The smallest gain in accuracy on the validation tasks that counts as one, at least 0.</summary>
        public float MinDelta { get; } = Math.Abs(minDelta);

        /// <summary>Validations without a gain after which training stops.</summary>
        public int Patience { get; } = patience;
    }
}
