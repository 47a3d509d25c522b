using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>How the generator and its classifiers are built, beyond their size.</summary>
    public sealed class ModelOptions
    {
        /// <summary>How the generator is built. The default value is <see cref="FewShotDesign.Prototype"/>. Ignored for baselines.</summary>
        public FewShotDesign Design { get; set; } = FewShotDesign.Prototype;

        /// <summary>
        /// How many of the classifier's four convolutions, counted from the last, are generated beside its logits layer, 0 to 4; the others are
        /// learned and the same for all tasks. The default value is 0. Ignored for features and for baselines.
        /// </summary>
        [Range(0, 4)]
        public int GeneratedConvolutions { get; set; }

        /// <summary>
        /// The width of the hidden layer of a classifier of features, which is generated like the logits layer, 0 to 4096. The default value is 0:
        /// there is none. Ignored for images.
        /// </summary>
        [Range(0, 4096)]
        public int HiddenWidth { get; set; }

        /// <summary>
        /// How many of the four convolutions, from the first, are followed by a pooling that halves the side, 0 to 4: the fewer, the longer the embedding
        /// that the logits layer sees and the larger a classifier. The default value is null: as many as leave a side of 8 or less, which are 2 for 28 pixels, and
        /// 4 in the paper's design. Ignored for feature vectors.
        /// </summary>
        [Range(0, 4)]
        public int? Poolings { get; set; }

        /// <summary>
        /// The rank of the learned metric that images are compared by, 0 to 4096: a linear map of the last convolution's numbers that is trained with it. Classifiers
        /// become neither larger nor slower by it. The default value is null: 128, and 0, which is the Euclidean distance of the numbers as they are,
        /// in the paper's design. Ignored for feature vectors,
        /// <see cref="FewShotMethod.Maml"/>, <see cref="FewShotMethod.LstmMetaLearner"/> and <see cref="FewShotMethod.LgmNet"/>.
        /// </summary>
        [Range(0, 4096)]
        public int? MetricRank { get; set; }

        /// <summary>
        /// Whose statistics normalise the classifier's layers. The default value is null: running ones, and those of the support set in the paper's design.
        /// <see cref="FewShotMethod.Maml"/>, <see cref="FewShotMethod.LstmMetaLearner"/> and <see cref="FewShotMethod.LgmNet"/> always use those of the support set.
        /// </summary>
        public FewShotNormalization? Normalization { get; set; }

        /// <summary>
        /// The blocks of each of the generator's transformers, 1 to 16. The default value is null: 2, and 3 in the paper's design. Ignored for baselines.
        /// </summary>
        [Range(1, 16)]
        public int? EncoderLayers { get; set; }

        /// <summary>The heads H of the transformers, 1 to 64 and a divisor of their width. The default value is 2. Ignored for baselines.</summary>
        [Range(1, 64)]
        public int EncoderHeads { get; set; } = Defaults.EncoderHeads;

        /// <summary>
        /// The token width D of the transformers, 1 to 4096. The default value is null: 128 for the logits layer, 64 where convolutions are generated. Ignored for
        /// baselines and in the paper's design, where other sizes decide.
        /// </summary>
        [Range(1, 4096)]
        public int? EncoderWidth { get; set; }

        /// <summary>
        /// Whether the generator's transformers normalise before (pre-LN) or after their sub-layers. The default value is null: before in the
        /// <see cref="FewShotDesign.Prototype"/> design, after in the paper's.
        /// </summary>
        public bool? PreNorm { get; set; }

        /// <summary>Whether <see cref="FewShotMethod.Maml"/> leaves second derivatives out. The default value is false. Ignored for other methods.</summary>
        public bool FirstOrder { get; set; }

        internal ModelOptions Copy() => (ModelOptions)MemberwiseClone();
    }
}
