using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>
    /// What the tasks (episodes) that training draws are like, beside <see cref="Options.MaxWays"/>, <see cref="Options.MaxShots"/> and
    /// <see cref="Options.MaxUnlabeled"/>, and how their images are varied.
    /// </summary>
    public sealed class EpisodeOptions
    {
        /// <summary>
        /// The fewest classes of a training task; the most are <see cref="Options.MaxWays"/>. 2 to <see cref="Options.MaxWays"/>. The default value is null:
        /// 5, or <see cref="Options.MaxWays"/> where that is less.
        /// </summary>
        public int? MinWays { get; set; }

        /// <summary>The fewest labelled samples of a class in a training task, 1 to 1000; the most are <see cref="Options.MaxShots"/>. The default value is 1.</summary>
        [Range(1, 1000)]
        public int MinShots { get; set; } = Defaults.MinShots;

        /// <summary>
        /// The probability that the images of a class, or of all classes of a task, are turned together by a multiple of 90 degrees in training, 0 to 1. The default value is
        /// null: 1, or 0.5 with fewer than 32 channels and 0.3 with fewer than 16.
        /// </summary>
        [Range(0.0, 1.0)]
        public float? ClassRotation { get; set; }

        /// <summary>
        /// The probability that a training image is turned, stretched, sheared and shifted a little, 0 to 1. The default value is 0.5.
        /// </summary>
        [Range(0.0, 1.0)]
        public float AffineVariation { get; set; } = Defaults.AffineVariation;

        /// <summary>
        /// The probability that a training image is drawn as with another pen, fainter, darker or wider, 0 to 1: for writing and drawings on plain paper
        /// whose pens differ from those of the training images. The default value is 0.
        /// </summary>
        [Range(0.0, 1.0)]
        public float StrokeVariation { get; set; }

        internal EpisodeOptions Copy() => (EpisodeOptions)MemberwiseClone();
    }
}
