using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>The sizes of a model. Where a property is null, <see cref="Options.Arch"/> decides.</summary>
    public sealed class ModelOptions
    {
        /// <summary>Pixels between two tokens, P, 1 and up. The default value is null: the architecture's.</summary>
        public int? PatchSize { get; set; }

        /// <summary>
        /// The last stages of the <see cref="Options.Backbone"/> that are trained too, 0 to 4, at 0.03 of the learning rate. Up to 2, what the stages before make of
        /// an image is computed once and kept (bottleneck features), and images are mirrored but not cropped at random. The default value is null: all 4.
        /// </summary>
        [Range(0, 4)]
        public int? TunedStages { get; set; }

        /// <summary>How pixels become tokens. The default value is null: the architecture's.</summary>
        public ImageStem? Stem { get; set; }

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

        /// <summary>
        /// The blocks that have <see cref="Options.TokenMixer"/>, counted from 0. The default value is null: the architecture's; an empty list stands for all.
        /// </summary>
        public IReadOnlyList<int>? MixerBlocks { get; set; }

        /// <summary>The mixer of the blocks that <see cref="MixerBlocks"/> does not name. The default value is null: the architecture's.</summary>
        public TokenMixer? OtherMixer { get; set; }

        /// <summary>The convolution beside every mixer. The default value is <see cref="Microsoft.ML.TTT.LocalMixing.None"/>.</summary>
        public LocalMixing LocalMixing { get; set; }

        /// <summary>Whether what a mixer gives is multiplied by a gate, σ of a linear map of the token. The default value is false.</summary>
        public bool OutputGate { get; set; }

        /// <summary>
        /// How the tokens of the last block become what is classified. The default value is <see cref="TokenPooling.Mean"/>; <see cref="TokenPooling.Max"/> is for
        /// classes that are told by small marks in large images.
        /// </summary>
        public TokenPooling Pooling { get; set; }

        internal ModelOptions Copy()
        {
            var copy = (ModelOptions)MemberwiseClone();
            copy.MixerBlocks = MixerBlocks is null ? null : [.. MixerBlocks];
            return copy;
        }
    }
}
