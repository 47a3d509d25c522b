using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>The recipe of a training: optimizer, regularization, augmentation, and the memory it may take.</summary>
    public sealed class RecipeOptions
    {
        /// <summary>What moves the weights. The default value is <see cref="OptimizerAlgorithm.Muon"/>.</summary>
        public OptimizerAlgorithm Optimizer { get; set; } = OptimizerAlgorithm.Muon;

        /// <summary>The peak learning rate of Muon, above 0 and at most 1. The default value is 0.02. Ignored where AdamW moves everything.</summary>
        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public float MatrixLearningRate { get; set; } = Defaults.MatrixLearningRate;

        /// <summary>AdamW's decoupled decay of kernels, 0 to 1. The default value is 0.05.</summary>
        [Range(0.0, 1.0)]
        public float WeightDecay { get; set; } = Defaults.WeightDecay;

        /// <summary>The share of the training in which the learning rate rises, 0 to 0.5. The default value is 0.03.</summary>
        [Range(0.0, 0.5)]
        public float WarmUpFraction { get; set; } = Defaults.WarmUpFraction;

        /// <summary>The largest global norm of a gradient, above 0. The default value is null: gradients are not clipped.</summary>
        [Range(0.0, float.MaxValue, MinimumIsExclusive = true)]
        public float? ClipNorm { get; set; }

        /// <summary>
        /// The decay of an exponential moving average (EMA) of the weights that is validated and kept instead of the weights, 0 to 1 (both excluded). The default value is
        /// null: no average.
        /// </summary>
        [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public float? EmaDecay { get; set; }

        /// <summary>The probability that a label hands to all classes alike, 0 to 0.9. The default value is 0.1.</summary>
        [Range(0.0, 0.9)]
        public float LabelSmoothing { get; set; } = Defaults.LabelSmoothing;

        /// <summary>
        /// Test-time augmentation: score every image together with its mirror image and give the mean of both: more often right, and twice the work. Training measures itself
        /// without it. The default value is null: as <see cref="Options.HorizontalFlip"/>.
        /// </summary>
        public bool? TestTimeAugmentation { get; set; }

        /// <summary>
        /// The reflected border that training images are randomly shifted into, as a share of their side, 0 to 0.5. The default value is 1/16.
        /// </summary>
        [Range(0.0, 0.5)]
        public float CropPadding { get; set; } = Defaults.CropPadding;

        /// <summary>
        /// The least share of an image's area that a random crop shows, which is then resized to the whole side, above 0 and at most 1; at 1 <see cref="CropPadding"/> holds
        /// instead. The default value is null: 0.4 with a backbone, and 1 without one.
        /// </summary>
        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public float? CropScale { get; set; }

        /// <summary>The strength of mixup, which blends two images, 0 to 10. The default value is 0: none.</summary>
        [Range(0.0, 10.0)]
        public float MixUpAlpha { get; set; }

        /// <summary>The strength of CutMix, which pastes a part of one image into another, 0 to 10. The default value is 0: none.</summary>
        [Range(0.0, 10.0)]
        public float CutMixAlpha { get; set; }

        /// <summary>The share of the training that is done on smaller images, which is faster, 0 to 0.95. The default value is 0.6.</summary>
        [Range(0.0, 0.95)]
        public float LowResolutionFraction { get; set; } = Defaults.LowResolutionFraction;

        /// <summary>
        /// Bytes of decoded pixels to keep in memory, at least 0; what does not fit lies in a temporary file until the training ends. The weights come out the same.
        /// The default value is 1 GiB.
        /// </summary>
        [Range(0.0, long.MaxValue)]
        public long PixelCacheBytes { get; set; } = Defaults.PixelCacheBytes;

        /// <summary>
        /// Keep what goes into each block alone while a batch is computed, and compute the rest again for the gradients (activation checkpointing, arXiv 1604.06174): training takes
        /// a third longer and much less memory, where tokens are many and blocks several. The weights come out the same. The default value is false.
        /// </summary>
        public bool Recompute { get; set; }

        internal RecipeOptions Copy() => (RecipeOptions)MemberwiseClone();
    }
}
