namespace Microsoft.ML.FewShot;

public sealed partial class FewShotHyperTransformerTrainer
{
    /// <summary>
    /// What to train and how. The trainer copies it when it is created and never writes to it. Where a property may be null,
    /// null leaves the choice to the trainer.
    /// </summary>
    public sealed partial class Options
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

        /// <summary>
        /// The time that <see cref="Fit(IDataView)"/> may take, above zero; it is divided among the parts of the model. The default value is null:
        /// <see cref="Effort"/> decides.
        /// </summary>
        public TimeSpan? TrainTime { get; set; }

        /// <summary>
        /// How long to train where <see cref="TrainTime"/> is not given, as a multiple of the usual number of steps, above 0 and at most 1000. The
        /// default value is 1.
        /// </summary>
        public float Effort { get; set; } = 1;

        /// <summary>
        /// The classes of training tasks, from <see cref="MinWays"/> to <see cref="MaxWays"/>. At least 2 and at most <see cref="MaxWays"/>. The default
        /// value is 5.
        /// </summary>
        public int MinWays { get; set; } = Defaults.MinWays;

        /// <summary>
        /// The most classes that a generated classifier can have, 2 to 1000. Training fewer classes than this is an error. The default value is 20.
        /// </summary>
        public int MaxWays { get; set; } = Defaults.MaxWays;

        /// <summary>The fewest labelled samples of a class in training tasks, 1 and up. The default value is 1.</summary>
        public int MinShots { get; set; } = Defaults.MinShots;

        /// <summary>The most labelled samples of a class in training tasks; any number may be given later. The default value is 5.</summary>
        public int MaxShots { get; set; } = Defaults.MaxShots;

        /// <summary>The most unlabelled samples of a class in training tasks, 0 and up. The default value is 4.</summary>
        public int MaxUnlabeled { get; set; } = Defaults.MaxUnlabeled;

        /// <summary>
        /// Told how training goes, about twice a second and after each validation. The default value is null: one line per epoch goes to
        /// <see cref="MLContext.Log"/>. Called on the thread that trains.
        /// </summary>
        public Action<FewShotTrainingMetrics>? MetricsCallback { get; set; }

        /// <summary>
        /// Classes that training measures itself on and never learns from. The weights that do best on tasks of them are kept. The default value is
        /// null: <see cref="ValidationClassFraction"/> of the classes is held out.
        /// </summary>
        public IDataView? ValidationSet { get; set; }

        /// <summary>
        /// The share of the classes that is held out where there is no validation set, 0 to 0.5. At 0 nothing is held out, and the last weights are
        /// kept. The default value is 0.05.
        /// </summary>
        public float ValidationClassFraction { get; set; } = Defaults.ValidationClassFraction;

        /// <summary>
        /// When training a part of the model stops because it no longer gets better on the validation classes. The default value is null: it does not
        /// stop before its end, to which the learning rate falls.
        /// </summary>
        public EarlyStopping? EarlyStoppingCriteria { get; set; }

        /// <summary>
        /// Fixes everything random. On a CPU, equal seeds and numbers of steps give equal weights, bit for bit. The default value is null: the seed of the
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
        /// default value is null: no such file.
        /// </summary>
        public string? CheckpointPath { get; set; }

        /// <summary>
        /// The CUDA device to train and generate on. The default value is null: <see cref="MLContext.GpuDeviceId"/>, and without that the CPU. Not saved
        /// with the model.
        /// </summary>
        public int? GpuDeviceId { get; set; }

        /// <summary>Whether the CPU may stand in for a GPU that is not there. The default value is null: <see cref="MLContext.FallbackToCpu"/>.</summary>
        public bool? FallbackToCpu { get; set; }

        /// <summary>A copy that later changes to this object do not reach.</summary>
        internal Options Copy() => (Options)MemberwiseClone();
    }
}
