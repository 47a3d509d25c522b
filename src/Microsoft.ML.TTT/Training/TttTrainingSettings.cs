using Microsoft.ML.VisionCore.Training;

namespace Microsoft.ML.TTT.Training;

/// <summary>How a vision transformer is trained; the trainer fills it from its options.</summary>
internal sealed record TttTrainingSettings
{
    /// <summary>The generic part: length, optimiser, schedule, clipping, checkpoints, progress.</summary>
    public TrainingSettings Loop { get; init; } = new();

    public int Seed { get; init; }

    public int BatchSize { get; init; } = 128;

    /// <summary>The share of the training set that is held out where no validation set is given, in [0, 1).</summary>
    public double ValidationFraction { get; init; } = 0.05;

    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Mirror each image in every other epoch.</summary>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>Whether images are going to be scored with their mirror images.</summary>
    public bool TestTimeAugmentation { get; init; } = true;

    /// <summary>Reflected border for random crops, as a share of the side; 0 means no crops.</summary>
    public double CropPadding { get; init; } = 1.0 / 16;

    /// <summary>The least share of an image's area in a random crop that is resized to the side; 1 means that <see cref="CropPadding"/> holds.</summary>
    public double CropScale { get; init; } = 1;

    /// <summary>Beta parameter of mixup; 0 means none.</summary>
    public double MixUpAlpha { get; init; }

    /// <summary>Beta parameter of CutMix; 0 means none. Where both are given, each step draws one of them.</summary>
    public double CutMixAlpha { get; init; }

    /// <summary>The share of the run that is trained at the lower resolution, in [0, 1).</summary>
    public double LowResolutionFraction { get; init; } = 0.6;

    /// <summary>Whether the activations of blocks are computed again on the way back rather than kept; the weights come out the same.</summary>
    public bool Recompute { get; init; }

    /// <summary>The factor on the learning rates of weights that were trained before.</summary>
    public double PretrainedRateScale { get; init; } = 0.03;

    /// <summary>Bytes of a backbone's features to keep in memory; the rest lies in a file.</summary>
    public long FeatureCacheBytes { get; init; } = 1L << 30;

    /// <summary>Told how many images have their features, of how many.</summary>
    public Action<int, int>? OnFeatures { get; init; }

    /// <summary>The lower resolution, as a share of the side that images are scored at; rounded to what the model's stride divides.</summary>
    public double LowResolutionScale { get; init; } = 0.75;

    /// <summary>
    /// The resolution of the rest of the run. Below 1, objects are as large in random crops as they are in the whole images that are scored (Touvron et al., arXiv
    /// 1906.06423).
    /// </summary>
    public double FullResolutionScale { get; init; } = 1;
}
