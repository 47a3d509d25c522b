namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    public sealed partial class Options
    {
        /// <summary>
        /// The side S of the square that every image is stretched to, 8 to 4096 pixels and a multiple of the patch size. The default value is null: the
        /// median of the shorter sides of the first images, rounded up to a multiple of 8, at least 32 and at most 96.
        /// </summary>
        public int? ImageSize { get; set; }

        /// <summary>Sizes that belong together. The default value is <see cref="ModelArchitecture.Compact"/>.</summary>
        public ModelArchitecture Arch { get; set; } = ModelArchitecture.Compact;

        /// <summary>How the tokens of an image exchange information. The default value is null: the architecture's, a test-time-training mixer.</summary>
        public TokenMixer? TokenMixer { get; set; }

        /// <summary>
        /// The blocks that have <see cref="TokenMixer"/>, counted from 0. The default value is null: the architecture's; an empty list stands for all.
        /// </summary>
        public IReadOnlyList<int>? MixerBlocks { get; set; }

        /// <summary>The mixer of the blocks that <see cref="MixerBlocks"/> does not name. The default value is null: the architecture's.</summary>
        public TokenMixer? OtherMixer { get; set; }

        /// <summary>Pixels between two tokens, P, 1 and up. The default value is null: the architecture's.</summary>
        public int? PatchSize { get; set; }

        /// <summary>How pixels become tokens. The default value is null: the architecture's.</summary>
        public Stem? Stem { get; set; }

        /// <summary>How tokens know their place. The default value is null: the architecture's.</summary>
        public PositionEncoding? Positions { get; set; }

        /// <summary>The number of blocks. The default value is null: the architecture's.</summary>
        public int? Depth { get; set; }

        /// <summary>The numbers per token, D, a multiple of <see cref="Heads"/>. The default value is null: the architecture's.</summary>
        public int? Width { get; set; }

        /// <summary>The heads of every mixer, H. The default value is null: the architecture's.</summary>
        public int? Heads { get; set; }

        /// <summary>The hidden width of the feed-forward parts in units of <see cref="Width"/>. The default value is null: the architecture's.</summary>
        public int? MlpRatio { get; set; }

        /// <summary>Gradient steps that a test-time-training mixer makes on each image, 1 to 16. The default value is null: the architecture's.</summary>
        public int? InnerSteps { get; set; }

        /// <summary>Whether each inner step reads its own part of the tokens rather than all. The default value is null: the architecture's.</summary>
        public bool? InnerMiniBatches { get; set; }

        /// <summary>The inner step size, 0 to 10. The default value is null: the architecture's.</summary>
        public double? InnerStepSize { get; set; }

        /// <summary>The hidden width of the inner MLP in units of the head width, 1 to 16. The default value is null: the architecture's.</summary>
        public int? InnerExpansion { get; set; }

        /// <summary>Whether only the second layer of the inner MLP learns. The default value is null: the architecture's.</summary>
        public bool? InnerLastLayerOnly { get; set; }

        /// <summary>Whether the inner model starts from learned weights rather than from zero. The default value is null: the mixer's.</summary>
        public bool? InnerLearnedStart { get; set; }

        /// <summary>Whether the decoder of the inner task ends in a layer normalisation. The default value is null: the mixer's.</summary>
        public bool? InnerDecoderNorm { get; set; }
    }
}
