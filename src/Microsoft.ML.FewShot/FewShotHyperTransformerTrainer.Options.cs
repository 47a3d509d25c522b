using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>
    /// What to train and how. The trainer copies it when it is created and never writes to it. Where a property may be null,
    /// null leaves the choice to the trainer.
    /// </summary>
    public sealed class Options
    {
        /// <summary>The name of the label column, a key of type <see cref="uint"/>. The default value is "Label".</summary>
        public string LabelColumnName { get; set; } = Defaults.LabelColumnName;

        /// <summary>
        /// The name of the column of images (encoded files, <see cref="ML.Data.MLImage"/>, or pixels as a vector of <see cref="float"/>) or of features
        /// (a vector of <see cref="float"/> of known size). The default value is "Features".
        /// </summary>
        public string FeatureColumnName { get; set; } = Defaults.FeatureColumnName;

        /// <summary>The name of the column of probabilities that the trained hyper-transformer adds. The default value is "Score".</summary>
        public string ScoreColumnName { get; set; } = Defaults.ScoreColumnName;

        /// <summary>The name of the column of the most probable class that the trained hyper-transformer adds. The default value is "PredictedLabel".</summary>
        public string PredictedLabelColumnName { get; set; } = Defaults.PredictedLabelColumnName;

        /// <summary>
        /// The name of the column that tells the tasks apart when the trained hyper-transformer transforms rows of many tasks, text or a key. The default
        /// value is null: all rows belong to one task. Training ignores it.
        /// </summary>
        public string? GroupColumnName { get; set; }

        /// <summary>
        /// The name of the column of candidate classes, a vector of keys, when the trained hyper-transformer transforms partially labelled rows. The
        /// default value is null: there is no such column. Training ignores it.
        /// </summary>
        public string? CandidatesColumnName { get; set; }

        /// <summary>What is trained. The default value is <see cref="FewShotMethod.HyperTransformer"/>; the others are baselines with the same embedding.</summary>
        public FewShotMethod Method { get; set; } = FewShotMethod.HyperTransformer;

        /// <summary>What the feature column is taken for. The default value is <see cref="FewShotInput.Automatic"/>.</summary>
        public FewShotInput Input { get; set; } = FewShotInput.Automatic;

        /// <summary>
        /// The side S of the square that every image is stretched to, 16 to 256 pixels. The default value is 28. Ignored for features.
        /// </summary>
        [Range(16, 256)]
        public int ImageSize { get; set; } = Defaults.ImageSize;

        /// <summary>
        /// Whether the classifier sees colour. The default value is null: where the training set has an image that is not grey. Ignored for features.
        /// </summary>
        public bool? IsColor { get; set; }

        /// <summary>The channels c of the classifier's convolutions, 1 to 512. The default value is 64. Ignored for features.</summary>
        [Range(1, 512)]
        public int Channels { get; set; } = Defaults.Channels;

        /// <summary>
        /// The most classes that a generated classifier can have, 2 to 1000. Training fewer classes than this is an error. The default value is 20.
        /// </summary>
        [Range(2, 1000)]
        public int MaxWays { get; set; } = Defaults.MaxWays;

        /// <summary>The most labelled samples of a class in training tasks, 1 to 1000; any number may be given later. The default value is 5.</summary>
        public int MaxShots { get; set; } = Defaults.MaxShots;

        /// <summary>The most unlabelled samples of a class in training tasks, 0 to 1000. The default value is 4.</summary>
        [Range(0, 1000)]
        public int MaxUnlabeled { get; set; } = Defaults.MaxUnlabeled;

        /// <summary>
        /// The time that <see cref="Fit(IDataView)"/> may take, above zero; it is divided among the parts of the model. The default value is null:
        /// <see cref="Effort"/> decides.
        /// </summary>
        public TimeSpan? TrainTime { get; set; }

        /// <summary>
        /// How long to train where <see cref="TrainTime"/> is not given, as a multiple of the usual number of steps, above 0 and at most 1000. The
        /// default value is 1.
        /// </summary>
        [Range(0.0, 1000.0, MinimumIsExclusive = true)]
        public float Effort { get; set; } = 1;

        /// <summary>
        /// Classes that training measures itself on and never learns from. The latest weights are kept that are no worse on
        /// tasks of them than the best, by the standard error of the difference. The default value is
        /// null: <see cref="ValidationClassFraction"/> of the classes is held out.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// The share of the classes that is held out where there is no validation set, 0 to 0.5. At 0 nothing is held out, and the last weights are
        /// kept. The default value is 0.05.
        /// </summary>
        [Range(0.0, 0.5)]
        public float ValidationClassFraction { get; set; } = Defaults.ValidationClassFraction;

        /// <summary>
        /// When training a part of the model stops because it no longer gets better on the validation classes. The default value is null: it does not
        /// stop before its end, to which the learning rate falls.
        /// </summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; }

        /// <summary>
        /// Told how training goes, about twice a second and after each validation. The default value is null: one line per epoch goes to
        /// <see cref="MLContext.Log"/>. Called on the thread that trains.
        /// </summary>
        public Action<FewShotTrainingMetrics>? MetricsCallback { get; set; }

        /// <summary>
        /// Fixes everything random. On a CPU, equal seeds and numbers of steps give equal weights, bit for bit. The default value is null: the seed of the
        /// <see cref="MLContext"/>, or a random one, which is logged.
        /// </summary>
        public int? Seed { get; set; }

        /// <summary>
        /// A file that holds the state of unfinished training. Where it exists, training goes on from it; it must come from the same data and options (<see cref="TrainTime"/> may be another), and
        /// no other training may use it at the same time. The
        /// default value is null: no such file.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>
        /// The processes that train this model together, each with the same data and options: the classes or tasks of every batch are divided among them. The default value is null: this
        /// process alone. The first one alone writes checkpoints and calls <see cref="MetricsCallback"/>, and its <see cref="CancellationToken"/> counts; all get the model. Not saved with it.
        /// </summary>
        public ProcessGroup? ProcessGroup { get; set; }

        /// <summary>
        /// Stops training after the present batch; the best weights so far are kept and <see cref="Fit(IDataView)"/> returns them. The default value is
        /// none.
        /// </summary>
        public CancellationToken CancellationToken { get; set; }

        /// <summary>
        /// The CUDA device to train and generate on. The default value is null: <see cref="MLContext.GpuDeviceId"/>, and without that the CPU. Not saved
        /// with the model.
        /// </summary>
        [Range(0, 255)]
        public int? GpuDeviceId { get; set; }

        /// <summary>Whether the CPU may stand in for a GPU that is not there. The default value is null: <see cref="MLContext.FallbackToCpu"/>.</summary>
        public bool? FallbackToCpu { get; set; }

        /// <summary>How the generator and its classifiers are built, beyond their size. The default values suit most data.</summary>
        public ModelOptions Model { get; set; } = new();

        /// <summary>What the tasks that training draws are like, and how their images are varied.</summary>
        public EpisodeOptions Episodes { get; set; } = new();

        /// <summary>How many moved copies of an image are looked at beside it.</summary>
        public TestTimeAugmentationOptions TestTimeAugmentation { get; set; } = new();

        /// <summary>A copy that later changes to this object, or to those in it, do not reach.</summary>
        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            // What is missing is refused by the check that follows.
            (copy.Model, copy.Episodes, copy.TestTimeAugmentation) = (Model?.Copy()!, Episodes?.Copy()!, TestTimeAugmentation?.Copy()!);
            return copy;
        }
    }
}
