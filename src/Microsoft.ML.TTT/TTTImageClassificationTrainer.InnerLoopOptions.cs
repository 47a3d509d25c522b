namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>How a test-time-training mixer learns from each image; ignored by the other mixers. Where a property is null, the architecture or the mixer decides.</summary>
    public sealed class InnerLoopOptions
    {
        /// <summary>Gradient steps that a test-time-training mixer makes on each image, 1 to 16. The default value is null: the architecture's.</summary>
        public int? Steps { get; set; }

        /// <summary>Whether each inner step reads its own part of the tokens rather than all. The default value is null: the architecture's.</summary>
        public bool? MiniBatches { get; set; }

        /// <summary>The inner step size, 0 to 10. The default value is null: the architecture's.</summary>
        public double? StepSize { get; set; }

        /// <summary>The hidden width of the inner MLP in units of the head width, 1 to 16. The default value is null: the architecture's.</summary>
        public int? Expansion { get; set; }

        /// <summary>Whether only the second layer of the inner MLP learns. The default value is null: the architecture's.</summary>
        public bool? LastLayerOnly { get; set; }

        /// <summary>Whether the inner model starts from learned weights rather than from zero. The default value is null: the mixer's.</summary>
        public bool? LearnedStart { get; set; }

        /// <summary>Whether the decoder of the inner task ends in a layer normalisation. The default value is null: the mixer's.</summary>
        public bool? DecoderNorm { get; set; }

        internal InnerLoopOptions Copy() => (InnerLoopOptions)MemberwiseClone();
    }
}
