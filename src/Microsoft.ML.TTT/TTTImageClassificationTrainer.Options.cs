using Microsoft.ML.Data;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>
    /// What to train and how. The trainer copies it when it is created and never writes to it. Where a property may be null,
    /// null leaves the choice to the trainer.
    /// </summary>
    public sealed partial class Options
    {
        /// <summary>
        /// The name of the label column, a key of type <see cref="uint"/>. The default value is "Label". The number of classes comes from the type.
        /// </summary>
        public string LabelColumnName { get; set; } = Defaults.LabelColumnName;

        /// <summary>
        /// The name of the image column: encoded files (a vector of bytes of unknown size), <see cref="MLImage"/>, or pixels as a vector of
        /// <see cref="float"/> of known size, [3, height, width] or [height, width, 3] with values 0 to 255. The default value is "Features".
        /// </summary>
        public string FeatureColumnName { get; set; } = Defaults.FeatureColumnName;

        /// <summary>The name of the column of probabilities, Vector&lt;Single&gt; [Y], that is added. The default value is "Score".</summary>
        public string ScoreColumnName { get; set; } = Defaults.ScoreColumnName;

        /// <summary>The name of the column of the most probable class that is added. The default value is "PredictedLabel".</summary>
        public string PredictedLabelColumnName { get; set; } = Defaults.PredictedLabelColumnName;

        /// <summary>The most passes over the training set, 1 to 100,000. The default value is 20. Ignored where <see cref="TrainTime"/> is given.</summary>
        public int Epoch { get; set; } = Defaults.Epoch;

        /// <summary>
        /// The time that <see cref="Fit(IDataView)"/> may take, above zero: the schedule of the learning rate is fitted to it. The default value is
        /// null: <see cref="Epoch"/> decides.
        /// </summary>
        public TimeSpan? TrainTime { get; set; }

        /// <summary>
        /// Images in a training step, 1 to 65,536. The default value is null: a thirty-second of the training set, at least 16 and at most 128.
        /// </summary>
        public int? BatchSize { get; set; }

        /// <summary>What moves the weights. The default value is <see cref="OptimizerAlgorithm.Muon"/>.</summary>
        public OptimizerAlgorithm Optimizer { get; set; } = OptimizerAlgorithm.Muon;

        /// <summary>The peak learning rate of AdamW, above 0 and at most 1. The default value is 0.002.</summary>
        public float LearningRate { get; set; } = Defaults.LearningRate;

        /// <summary>The peak learning rate of Muon, above 0 and at most 1. The default value is 0.02. Ignored where AdamW moves everything.</summary>
        public float MatrixLearningRate { get; set; } = Defaults.MatrixLearningRate;

        /// <summary>AdamW's decoupled decay of kernels, 0 to 1. The default value is 0.05.</summary>
        public float WeightDecay { get; set; } = Defaults.WeightDecay;

        /// <summary>The share of the training in which the learning rate rises, 0 to 0.5. The default value is 0.03.</summary>
        public float WarmUpFraction { get; set; } = Defaults.WarmUpFraction;

        /// <summary>The largest global norm of a gradient, above 0. The default value is null: gradients are not clipped.</summary>
        public float? ClipNorm { get; set; }

        /// <summary>
        /// The decay of a moving average of the weights that is validated and kept instead of the weights, 0 to 1 (both excluded). The default value is
        /// null: no average.
        /// </summary>
        public float? AverageDecay { get; set; }

        /// <summary>The probability that a label hands to all classes alike, 0 to 0.9. The default value is 0.1.</summary>
        public float LabelSmoothing { get; set; } = Defaults.LabelSmoothing;

        /// <summary>
        /// Mirror the training images in every other epoch. The default value is true. Switch it off where left and right matter, as in writing.
        /// </summary>
        public bool HorizontalFlip { get; set; } = true;

        /// <summary>
        /// Score every image together with its mirror image and give the mean of both: more often right, and twice the work. Training measures itself
        /// without it. The default value is null: as <see cref="HorizontalFlip"/>.
        /// </summary>
        public bool? MirrorWhenScoring { get; set; }

        /// <summary>
        /// The reflected border that training images are randomly shifted into, as a share of their side, 0 to 0.5. The default value is 1/16.
        /// </summary>
        public float CropPadding { get; set; } = Defaults.CropPadding;

        /// <summary>The strength of mixup, which blends two images, 0 to 10. The default value is 0: none.</summary>
        public float MixUpAlpha { get; set; }

        /// <summary>The strength of CutMix, which pastes a part of one image into another, 0 to 10. The default value is 0: none.</summary>
        public float CutMixAlpha { get; set; }

        /// <summary>The share of the training that is done on smaller images, which is faster, 0 to 0.95. The default value is 0.6.</summary>
        public float LowResolutionFraction { get; set; } = Defaults.LowResolutionFraction;

        /// <summary>
        /// When training stops because it no longer gets better. The default value is null: it does not stop before its end, to which the learning rate
        /// falls.
        /// </summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; }

        /// <summary>
        /// Told how training goes: training metrics about twice a second and after each epoch, validation metrics after each validation. The default
        /// value is null: one line per epoch and data set goes to <see cref="MLContext.Log"/>. Called on the thread that trains.
        /// </summary>
        public Action<ImageClassificationMetrics>? MetricsCallback { get; set; }

        /// <summary>
        /// Images that training measures itself on and never learns from. The weights that do best on them are kept. The default value is null:
        /// <see cref="ValidationSetFraction"/> of the training set is held out.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// The share of the training set that is held out where there is no validation set, 0 to 0.9. The default value is 0.05. At 0 or null nothing
        /// is held out, and the last weights are kept.
        /// </summary>
        public float? ValidationSetFraction { get; set; } = Defaults.ValidationSetFraction;

        /// <summary>
        /// Fixes everything random. On a CPU, equal seeds give equal weights, bit for bit. The default value is null: the seed of the
        /// <see cref="MLContext"/>, or a random one, which is logged.
        /// </summary>
        public int? Seed { get; set; }

        /// <summary>
        /// Stops training after the present batch; the best weights so far are kept and <see cref="Fit(IDataView)"/> returns them. The default value is
        /// none.
        /// </summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>
        /// A file that holds the state of unfinished training. Where it exists, training goes on from it; it must come from the same data and options. The
        /// resumed training ends with the same weights as an uninterrupted one on a CPU. The default value is null: no such file.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>
        /// Bytes of decoded pixels to keep in memory, at least 0; what does not fit is decoded again in every epoch. The default value is 1 GiB.
        /// </summary>
        public long PixelCacheBytes { get; set; } = Defaults.PixelCacheBytes;

        /// <summary>
        /// The CUDA device to train and score on. The default value is null: <see cref="MLContext.GpuDeviceId"/>, and without that the CPU. Not saved
        /// with the model.
        /// </summary>
        public int? GpuDeviceId { get; set; }

        /// <summary>Whether the CPU may stand in for a GPU that is not there. The default value is null: <see cref="MLContext.FallbackToCpu"/>.</summary>
        public bool? FallbackToCpu { get; set; }

        /// <summary>A copy that later changes to this object do not reach.</summary>
        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.MixerBlocks = MixerBlocks is null ? null : [.. MixerBlocks];
            return copy;
        }
    }
}
