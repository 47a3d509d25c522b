using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>
    /// How many moved copies of an image are looked at beside it (test-time augmentation). Ignored for baselines, feature vectors, and models that
    /// normalise with the statistics of the queries.
    /// </summary>
    public sealed class TestTimeAugmentationOptions
    {
        /// <summary>
        /// How many copies of every support image, moved by a pixel for every 28 of the side, its embedding is averaged over beside itself when a classifier
        /// is generated, 0 to 4. Each costs as much adaptation time as the image itself; a classifier's own time and size stay. The default value is
        /// null: 1, 2 with fewer than 16 channels, and 0 in the paper's design.
        /// </summary>
        [Range(0, 4)]
        public int? SupportCopies { get; set; }

        /// <summary>
        /// The same for images that a classifier scores, 0 to 4: each copy costs as much time as the image itself; the classifier's size stays. The default
        /// value is null: 2, and 0 in the paper's design.
        /// </summary>
        [Range(0, 4)]
        public int? QueryCopies { get; set; }

        internal TestTimeAugmentationOptions Copy() => (TestTimeAugmentationOptions)MemberwiseClone();
    }
}
