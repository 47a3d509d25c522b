namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    public sealed partial class Options
    {
        /// <summary>What is trained. The default value is <see cref="FewShotMethod.HyperTransformer"/>; the others are baselines with the same embedding.</summary>
        public FewShotMethod Method { get; set; } = FewShotMethod.HyperTransformer;

        /// <summary>What the feature column is taken for. The default value is <see cref="FewShotInput.Automatic"/>.</summary>
        public FewShotInput Input { get; set; } = FewShotInput.Automatic;

        /// <summary>
        /// The side S of the square that every image is stretched to, 16 to 256 pixels. The default value is 28. Ignored for features.
        /// </summary>
        public int ImageSize { get; set; } = Defaults.ImageSize;

        /// <summary>
        /// Whether the classifier sees colour. The default value is null: where the training set has an image that is not grey. Ignored for features.
        /// </summary>
        public bool? IsColor { get; set; }

        /// <summary>The channels c of the classifier's convolutions, 1 to 512. The default value is 64. Ignored for features.</summary>
        public int Channels { get; set; } = Defaults.Channels;

        /// <summary>
        /// How many of the classifier's four convolutions, counted from the last, are generated beside its logits layer, 0 to 4; the others are
        /// learned and the same for all tasks. The default value is 0. Ignored for features and for baselines.
        /// </summary>
        public int GeneratedConvolutions { get; set; }

        /// <summary>
        /// The width of the hidden layer of a classifier of features, which is generated like the logits layer, 0 to 4096. The default value is 0:
        /// there is none. Ignored for images.
        /// </summary>
        public int HiddenWidth { get; set; }

        /// <summary>How the generator is built. The default value is <see cref="FewShotDesign.Prototype"/>. Ignored for baselines.</summary>
        public FewShotDesign Design { get; set; } = FewShotDesign.Prototype;

        /// <summary>
        /// Which statistics normalise the classifier's layers. The default value is null: running ones, and those of the support set in the paper's design.
        /// <see cref="FewShotMethod.Maml"/> always uses those of the support set.
        /// </summary>
        public FewShotNormalization? Normalization { get; set; }

        /// <summary>
        /// Whether the generator's transformers normalise before (pre-LN) or after their sub-layers. The default value is null: before in the
        /// <see cref="FewShotDesign.Prototype"/> design, after in the paper's.
        /// </summary>
        public bool? PreNorm { get; set; }

        /// <summary>
        /// The blocks of each of the generator's transformers, 1 to 16. The default value is null: 2, and 3 in the paper's design. Ignored for baselines.
        /// </summary>
        public int? EncoderLayers { get; set; }

        /// <summary>The heads H of the transformers, a divisor of their width. The default value is 2. Ignored for baselines.</summary>
        public int EncoderHeads { get; set; } = Defaults.EncoderHeads;

        /// <summary>
        /// The token width D of the transformers. The default value is null: 128 for the logits layer, 64 where convolutions are generated. Ignored for
        /// baselines and in the paper's design, where other sizes decide.
        /// </summary>
        public int? EncoderWidth { get; set; }

        /// <summary>
        /// How many copies of every support image, moved by a pixel for every 28 of the side, its embedding is averaged over beside itself when a classifier
        /// is generated, 0 to 4. Each costs as much adaptation time as the image itself; a classifier's own time and size stay. The default value is
        /// null: 1, 2 with fewer than 16 channels, and 0 in the paper's design. Ignored for baselines and feature vectors.
        /// </summary>
        public int? SupportViews { get; set; }

        /// <summary>
        /// The same for images that a classifier scores: each copy costs as much time as the image itself; the classifier's size stays. The default value
        /// is null: 2, and 0 in the paper's design. Ignored for baselines and feature vectors.
        /// </summary>
        public int? QueryViews { get; set; }

        /// <summary>
        /// How many of the four convolutions, from the first, are followed by a pooling that halves the side, 0 to 4: the fewer, the longer the embedding
        /// that the logits layer sees and the larger a classifier. The default value is null: as many as leave a side of 8 or less, which are 2 for 28 pixels, and
        /// 4 in the paper's design. Ignored for feature vectors.
        /// </summary>
        public int? Poolings { get; set; }

        /// <summary>
        /// The rank of the learned metric that images are compared by, 0 to 4096: a linear map of the last convolution's numbers that is trained with it. Classifiers
        /// become neither larger nor slower by it. The default value is null: 128, and 0, which is the Euclidean distance of the numbers as they are,
        /// in the paper's design. Ignored for feature vectors and <see cref="FewShotMethod.Maml"/>.
        /// </summary>
        public int? MetricRank { get; set; }

        /// <summary>
        /// The probability that the images of a class, or of all classes of a task, are turned together by a multiple of 90 degrees in training, 0 to 1. The default value is
        /// null: 1, or 0.5 with fewer than 32 channels and 0.3 with fewer than 16.
        /// </summary>
        public float? ClassRotation { get; set; }

        /// <summary>
        /// The probability that a training image is turned, stretched, sheared and shifted a little, 0 to 1. The default value is 0.5.
        /// </summary>
        public float AffineVariation { get; set; } = Defaults.AffineVariation;

        /// <summary>
        /// The probability that a training image is drawn as with another pen, fainter, darker or wider, 0 to 1: for writing and drawings on plain paper
        /// whose pens differ from those of the training images. The default value is 0.
        /// </summary>
        public float StrokeVariation { get; set; }

        /// <summary>Whether <see cref="FewShotMethod.Maml"/> leaves second derivatives out. The default value is false. Ignored for other methods.</summary>
        public bool FirstOrder { get; set; }
    }
}
