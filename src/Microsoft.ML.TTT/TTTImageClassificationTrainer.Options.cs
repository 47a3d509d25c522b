using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Data;

namespace Microsoft.ML.TTT;

public sealed partial class TTTImageClassificationTrainer
{
    /// <summary>
    /// What to train and how. The trainer copies it when it is created and never writes to it. Where a property may be null,
    /// null leaves the choice to the trainer.
    /// </summary>
    public sealed class Options
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

        /// <summary>
        /// Whether an image that is of none of the classes gets a missing predicted label. A column with the score of being known is added then. What is known is measured
        /// on the validation set; where there is none, on the training images, which a model knows better than new ones of the same classes: then more are rejected than
        /// <see cref="FalseRejectionRate"/> says. The default value is false.
        /// </summary>
        public bool RejectUnknown { get; set; }

        /// <summary>
        /// The share of images of the classes that may be taken for none of them, above 0 and below 1. A smaller one lets more of the others pass. The default value is 0.05.
        /// Ignored unless <see cref="RejectUnknown"/>.
        /// </summary>
        [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public double FalseRejectionRate { get; set; } = Defaults.FalseRejectionRate;

        /// <summary>
        /// The name of the column, Single, that says how sure it is that an image is of one of the classes: 0 to 1, and below 0.5 where it is rejected. NaN where the image
        /// cannot be decoded. The default value is "KnownScore". Ignored unless <see cref="RejectUnknown"/>.
        /// </summary>
        public string KnownScoreColumnName { get; set; } = Defaults.KnownScoreColumnName;

        /// <summary>
        /// The side S of the square that every image is stretched to, 8 to 4096 pixels and a multiple of the patch size. The default value is null: the
        /// median of the shorter sides of the first images, rounded up to a multiple of 8, at least 32 and at most 96.
        /// </summary>
        [Range(8, 4096)]
        public int? ImageSize { get; set; }

        /// <summary>Sizes that belong together. The default value is <see cref="ModelArchitecture.Compact"/>.</summary>
        public ModelArchitecture Arch { get; set; } = ModelArchitecture.Compact;

        /// <summary>
        /// A pretrained network under the transformer, for photographs: hundreds of images suffice, or a few of each class. The default value is
        /// <see cref="ImageBackbone.None"/>. With one, <see cref="Arch"/> has no part, and images are stretched to 256 pixels unless <see cref="ImageSize"/> says otherwise.
        /// </summary>
        public ImageBackbone Backbone { get; set; }

        /// <summary>How the tokens of an image exchange information. The default value is null: the architecture's, a test-time-training mixer.</summary>
        public TokenMixer? TokenMixer { get; set; }

        /// <summary>The most passes over the training set, 1 to 100,000. The default value is 20. Ignored where <see cref="TrainTime"/> is given.</summary>
        [Range(1, 100_000)]
        public int Epoch { get; set; } = Defaults.Epoch;

        /// <summary>
        /// The time that <see cref="Fit(IDataView)"/> may take, above zero: the schedule of the learning rate is fitted to it. The default value is
        /// null: <see cref="Epoch"/> decides.
        /// </summary>
        public TimeSpan? TrainTime { get; set; }

        /// <summary>
        /// Images in a training step, 1 to 65,536. The default value is null: a thirty-second of the training set, at least 16 and at most 128.
        /// </summary>
        [Range(1, 65_536)]
        public int? BatchSize { get; set; }

        /// <summary>The peak learning rate of AdamW, above 0 and at most 1. The default value is 0.002. For a backbone's own stages it is 0.03 of that.</summary>
        [Range(0.0, 1.0, MinimumIsExclusive = true)]
        public float LearningRate { get; set; } = Defaults.LearningRate;

        /// <summary>
        /// Mirror the training images in every other epoch. The default value is true. Switch it off where left and right matter, as in writing.
        /// </summary>
        public bool HorizontalFlip { get; set; } = true;

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
        /// Images that training measures itself on and never learns from. The latest weights are kept that are no worse on them than the best, by the standard error of the
        /// difference. The default value is null:
        /// <see cref="ValidationSetFraction"/> of the training set is held out.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// The share of the training set that is held out where there is no validation set, 0 to 0.9. The default value is 0.05. At 0 or null nothing
        /// is held out, and the last weights are kept.
        /// </summary>
        [Range(0.0, 0.9)]
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
        /// A file that holds the state of unfinished training. Where it exists, training goes on from it; it must come from the same data and options (<see cref="TrainTime"/> may be another), and
        /// no other training may use it at the same time. The
        /// resumed training ends with the same weights as an uninterrupted one on a CPU. The default value is null: no such file.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>
        /// The CUDA device to train and score on. The default value is null: <see cref="MLContext.GpuDeviceId"/>, and without that the CPU. Not saved
        /// with the model.
        /// </summary>
        [Range(0, 255)]
        public int? GpuDeviceId { get; set; }

        /// <summary>
        /// The processes that train this model together, each with the same data and options: every batch is divided among them. The default value is null: this process alone. The first
        /// one alone writes checkpoints and calls <see cref="MetricsCallback"/>, and its <see cref="CancellationToken"/> counts; all get the model. Not saved with it.
        /// </summary>
        public ProcessGroup? ProcessGroup { get; set; }

        /// <summary>Whether the CPU may stand in for a GPU that is not there. The default value is null: <see cref="MLContext.FallbackToCpu"/>.</summary>
        public bool? FallbackToCpu { get; set; }

        /// <summary>The sizes of the model that <see cref="Arch"/> does not decide alone. By default the architecture decides them all.</summary>
        public ModelOptions Model { get; set; } = new();

        /// <summary>How a test-time-training mixer learns from each image. By default the architecture and the mixer decide.</summary>
        public InnerLoopOptions InnerLoop { get; set; } = new();

        /// <summary>The recipe of the training beyond the learning rate: optimizer, regularization, augmentation, memory.</summary>
        public RecipeOptions Recipe { get; set; } = new();

        /// <summary>A copy that later changes to this object do not reach.</summary>
        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            // What is missing is refused by the check that follows.
            (copy.Model, copy.InnerLoop, copy.Recipe) = (Model?.Copy()!, InnerLoop?.Copy()!, Recipe?.Copy()!);
            return copy;
        }
    }
}
