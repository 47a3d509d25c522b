using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Persistence;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Backbones;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Options;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;

[assembly: LoadableClass(typeof(FewShotHyperTransformer), null, typeof(SignatureLoadModel),
    FewShotHyperTransformer.UserName, FewShotHyperTransformer.LoaderSignature)]

namespace Microsoft.ML.FewShot;

/// <summary>
/// Generates classifiers from small support sets, in one forward pass. As a transformer over rows of which some have a label (the support set) and
/// some have none (the queries), it scores all rows with the classifier that the labelled ones give, task by task where there is a group column.
/// </summary>
public sealed class FewShotHyperTransformer : ITransformer, IDisposable, IOnnxExportable
{
    internal const string UserName = "Few-shot hyper-transformer";
    internal const string LoaderSignature = FewShotModelFile.LoaderSignature;

    private readonly IHostEnvironment _environment;
    private readonly FewShotColumns _columns;
    private int _isDisposed;

    internal FewShotHyperTransformer(IHostEnvironment environment, FewShotNetwork network, FewShotColumns columns) =>
        (_environment, Network, _columns) = (environment, network, columns);

    /// <summary>Where messages go.</summary>
    internal IHostEnvironment Environment => _environment;

    /// <summary>The model; shared.</summary>
    internal FewShotNetwork Network { get; }

    /// <summary>False: what a row scores depends on the support rows.</summary>
    public bool IsRowToRowMapper => false;

    /// <summary>How it makes classifiers.</summary>
    public FewShotMethod Method => Network.Method;

    /// <summary>The most classes that a classifier can have.</summary>
    public int MaxWays => Network.Shape.MaxWays;

    /// <summary>The side S in pixels of the square that images are stretched to; 0 for features.</summary>
    public int ImageSize => Network.Shape.ImageSize;

    /// <summary>Whether images are seen in colour.</summary>
    public bool IsColor => Network.Shape is { IsImages: true, Colors: 3 };

    /// <summary>The length F of feature vectors; 0 for images, and where vectors of any length are taken.</summary>
    public int FeatureLength => Network.Shape.FeatureLength;

    /// <summary>The channels c of the classifiers' convolutions; 0 for features, and on a pretrained backbone.</summary>
    public int Channels => Network.Shape is { IsImages: true, Embedding: null } shape ? shape.Channels : 0;

    /// <summary>How many of the classifiers' convolutions are generated.</summary>
    public int GeneratedConvolutions => Network.Shape.Layers > 0 && Network.Shape.IsImages ? Network.Shape.GeneratedLayers : 0;

    /// <summary>A generator that comes with the package.</summary>
    /// <param name="mlContext">The context to work in.</param>
    /// <param name="generator">Which one. The default is that of symbols and handwritten characters.</param>
    /// <returns>The hyper-transformer, for images of any size or vectors in a column named "Features" and labels in a column named "Label".</returns>
    /// <exception cref="ArgumentNullException">There is no context.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such generator.</exception>
    /// <exception cref="FileNotFoundException">That of photographs is asked for, and the package Microsoft.ML.DnnImageFeaturizer.ResNet18 has not put its network beside the app.</exception>
    /// <exception cref="FormatException">What is there is another network.</exception>
    public static FewShotHyperTransformer LoadPretrained(MLContext mlContext, PretrainedGenerator generator = PretrainedGenerator.Symbols)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        if (!Enum.IsDefined(generator))
        {
            throw new ArgumentOutOfRangeException(nameof(generator), generator, $"The generators are {string.Join(", ", Enum.GetNames<PretrainedGenerator>())}.");
        }

        var host = ((IHostEnvironment)mlContext).Register(LoaderSignature);
        using var channel = host.Start("Loading");
        return new FewShotHyperTransformer(host, Pretrained.Load(generator, TorchDevice.Resolve(mlContext, channel)), FewShotColumns.Standard);
    }

    /// <summary>
    /// The generator that comes with the package and fits a support set: of embeddings where the feature column is a vector of numbers, and of images that of
    /// symbols for drawings in two tones of grey and that of photographs for all else, unless the other one is right clearly more often about samples that are left
    /// out in turn. Without the package Microsoft.ML.DnnImageFeaturizer.ResNet18 it is that of symbols, with a warning.
    /// </summary>
    /// <param name="mlContext">The context to work in.</param>
    /// <param name="support">The samples, which are read here, and again by <see cref="CreateClassifier"/>.</param>
    /// <param name="options">The names of columns; null means "Features" and "Label".</param>
    /// <returns>The hyper-transformer.</returns>
    /// <exception cref="ArgumentNullException">There is no context, or no support set.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">No classifier can be made from the support set, whatever the generator.</exception>
    public static FewShotHyperTransformer LoadPretrainedFor(MLContext mlContext, IDataView support, FewShotClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(support);
        var columns = options is null ? FewShotColumns.Standard : FewShotColumns.Of(options);
        if (FewShotFeatures.IsVector(support.Schema, columns.Feature, FewShotInput.Automatic))
        {
            return LoadPretrained(mlContext, PretrainedGenerator.Embeddings);
        }

        var symbols = LoadPretrained(mlContext);
        if (!ResNet18File.Exists())
        {
            using var channel = symbols._environment.Start("Choosing a generator");
            channel.Warning(MessageSensitivity.None,
                $"Only the generator of symbols can be used: that of photographs needs the package {ResNet18File.Package}, which this app does not have.");
            return symbols;
        }

        FewShotHyperTransformer? photographs = null, chosen = null;
        try
        {
            photographs = LoadPretrained(mlContext, PretrainedGenerator.Photographs);
            return chosen = Choose([symbols, photographs], support, options);
        }
        finally
        {
            foreach (var other in new[] { symbols, photographs }.Where(one => one != chosen))
            {
                other?.Dispose();
            }
        }
    }

    /// <summary>The one of several generators that fits a support set best, as for <see cref="LoadPretrainedFor"/>, of those that take so many classes.</summary>
    /// <param name="generators">The hyper-transformers; not disposed.</param>
    /// <param name="support">The samples, which each generator reads.</param>
    /// <param name="options">The names of columns; null means those of the first generator.</param>
    /// <returns>One of <paramref name="generators"/>.</returns>
    /// <exception cref="ArgumentException">There are no generators.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than a generator takes.</exception>
    /// <exception cref="InvalidOperationException">No classifier can be made from the support set.</exception>
    public static FewShotHyperTransformer Choose(IReadOnlyList<FewShotHyperTransformer> generators, IDataView support, FewShotClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(generators);
        ArgumentNullException.ThrowIfNull(support);
        if (generators.Count == 0 || generators.Contains(null!))
        {
            throw new ArgumentException(generators.Count == 0 ? "There are no generators to choose from; at least one was expected." : "One of the generators is null.", nameof(generators));
        }

        var columns = options is null ? generators[0]._columns : FewShotColumns.Of(options);
        if (generators.Count == 1)
        {
            return generators[0];
        }

        // Those that take fewer classes than there are do not come into question.
        var widest = generators.MaxBy(one => one.MaxWays)!;
        var seen = widest.Whole(support, columns);
        FewShotHyperTransformer[] fitting = [.. generators.Where(one => one.MaxWays >= seen.Samples.Classes.Count)];
        return fitting[GeneratorChoice.Of([.. fitting.Select(one => one == widest ? seen : one.Whole(support, columns))])];
    }

    /// <summary>Makes a classifier from a support set.</summary>
    /// <param name="support">The samples: labelled, partially labelled or unlabelled, in any order. It is read once.</param>
    /// <param name="options">The names of columns, and what the classifier keeps; null means the hyper-transformer's column names.</param>
    /// <returns>The classifier, which needs neither the hyper-transformer nor the support set any more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">No row has a label; a class has no row; there are more classes than <see cref="MaxWays"/>, or only one
    /// without <see cref="FewShotClassifierOptions.RejectUnknown"/>; the machine has less memory than so many samples need at least; or nothing says how far off a row of a class may be, because every class has one row and the
    /// hyper-transformer is of an older version.</exception>
    public FewShotClassifier CreateClassifier(IDataView support, FewShotClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(support);
        var columns = options is null ? _columns : FewShotColumns.Of(options);
        Check(columns, options?.Method, options, nameof(options));
        var network = For(support.Schema, columns);
        var rows = Read(network, support, columns);
        return Create(network, rows, columns, options?.Method ?? Method, options?.KeepSupport ?? false, options is { RejectUnknown: true } ? options.FalseRejectionRate : null);
    }

    /// <summary>The same hyper-transformer with other column names for <see cref="Transform"/>. It shares the weights, and each is disposed on its own.</summary>
    /// <param name="labelColumnName">The name of the label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The name of the column of images or features.</param>
    /// <param name="groupColumnName">The name of the column that tells tasks apart, text or a key; null where all rows belong to one task.</param>
    /// <param name="candidatesColumnName">The name of the column of candidate classes, a vector of keys; null where there is none.</param>
    /// <param name="scoreColumnName">The name of the column of probabilities that is added.</param>
    /// <param name="predictedLabelColumnName">The name of the column of the most probable class that is added.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column name is empty, or two columns have the same name.</exception>
    public FewShotHyperTransformer WithColumns(
        string labelColumnName = FewShotClassifierOptions.Defaults.LabelColumnName,
        string featureColumnName = FewShotClassifierOptions.Defaults.FeatureColumnName,
        string? groupColumnName = null,
        string? candidatesColumnName = null,
        string scoreColumnName = FewShotClassifierOptions.Defaults.ScoreColumnName,
        string predictedLabelColumnName = FewShotClassifierOptions.Defaults.PredictedLabelColumnName)
    {
        OptionCheck.Throw(OptionCheck.Columns((nameof(labelColumnName), labelColumnName ?? ""), (nameof(featureColumnName), featureColumnName ?? ""),
            (nameof(groupColumnName), groupColumnName), (nameof(candidatesColumnName), candidatesColumnName),
            (nameof(scoreColumnName), scoreColumnName ?? ""), (nameof(predictedLabelColumnName), predictedLabelColumnName ?? "")), nameof(labelColumnName));
        var columns = new FewShotColumns(labelColumnName!, featureColumnName!, groupColumnName, candidatesColumnName, new ScoreColumns(scoreColumnName!, predictedLabelColumnName!));
        return new FewShotHyperTransformer(_environment, Network.Share(), columns);
    }

    /// <summary>The schema that <see cref="Transform"/> gives for an input schema.</summary>
    /// <param name="inputSchema">The schema of support rows and queries.</param>
    /// <returns>The input's columns, the probabilities and the predicted label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var labels = LabelColumns.BindKey(inputSchema, _columns.Label, _columns.Candidates).Labels;
        Bind(inputSchema, null);
        return _columns.Added.AddTo(inputSchema, labels);
    }

    /// <summary>
    /// Scores rows while they are read. When scores are first asked for, the rows with a label are read and a classifier is generated for each task.
    /// A row without a label and without candidates is a query; it is not used as an unlabelled sample.
    /// </summary>
    /// <param name="input">Support rows and queries, in any order.</param>
    /// <returns>A view of the input with the scores; classes that a task's support rows do not have get probability 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var network = For(input.Schema, _columns);
        var tasks = new TaskClassifiers(_environment, network, _columns, input);
        var scorer = new TaskScorer(tasks, TaskFeatures.NumberBytes + network.Example.Bytes);
        return new ScoredDataView(new ScoringModel(_environment, scorer, schema => Bind(schema, tasks), _columns.Added, tasks.Labels), input);
    }

    /// <summary>Not possible: what a row scores depends on other rows.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <returns>Nothing.</returns>
    /// <exception cref="InvalidOperationException">Always; <see cref="CreateClassifier"/> makes a transformer that has a mapper.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException(
        "A hyper-transformer does not score row by row: what a row scores depends on the support rows. CreateClassifier makes a transformer that does.");

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Network.Dispose();
        }
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var network = Network.Share();
        FewShotModelFile.Write(ctx, _columns, network);
    }

    /// <summary>Makes a classifier of a kept support set and new samples; it keeps them.</summary>
    internal FewShotClassifier Extend(SupportSet kept, FewShotColumns columns, double? falseRejectionRate, IDataView examples)
    {
        var network = Network.For(kept.Shape.FeatureLength);
        if (kept.Shape != network.Example)
        {
            throw new ArgumentOutOfRangeException("generator", $"The classifier takes {kept.Shape.Describe()}, the hyper-transformer {network.Example.Describe()}.");
        }

        var rows = Read(network, examples, columns);
        return Create(network, AddedClasses.Join(kept, rows), columns, Method, keepsSupport: true, falseRejectionRate);
    }

    /// <summary>Refuses column names and methods that are impossible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names every violation.</exception>
    internal void Check(FewShotColumns columns, FewShotMethod? method, FewShotClassifierOptions? options, string parameterName)
    {
        var violations = OptionCheck.Columns(
            (nameof(FewShotClassifierOptions.LabelColumnName), columns.Label ?? ""), (nameof(FewShotClassifierOptions.FeatureColumnName), columns.Feature ?? ""),
            (nameof(FewShotClassifierOptions.CandidatesColumnName), columns.Candidates),
            (nameof(FewShotClassifierOptions.ScoreColumnName), columns.Added.Score ?? ""),
            (nameof(FewShotClassifierOptions.PredictedLabelColumnName), columns.Added.PredictedLabel ?? ""),
            (nameof(FewShotClassifierOptions.KnownScoreColumnName), columns.Added.Known)).Concat(options is { RejectUnknown: true } ? OptionCheck.Ranges(options) : []);
        var unusable = method is { } chosen ? Network.WhyNot(chosen) : null;
        OptionCheck.Throw(unusable is null ? violations : [.. violations, unusable], parameterName);
    }

    ModelProto IOnnxExportable.ToOnnx(OnnxPart part) => throw new NotSupportedException(
        "A few-shot hyper-transformer generates classifiers and is none itself: its answer depends on a support set. Make a classifier with it, and export that.");

    // Found by its name and parameters when ML.NET loads a model.
    private static FewShotHyperTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(LoaderSignature);
        using var channel = host.Start("Loading");
        var (columns, network) = FewShotModelFile.Read(ctx, TorchDevice.Resolve(env, channel));
        return new FewShotHyperTransformer(host, network, columns);
    }

    private TaskFeatures Bind(DataViewSchema schema, TaskClassifiers? tasks) => new(
        FewShotFeatures.Bind(schema, _columns.Feature, Network.Example), _columns.Group is { } name ? GroupColumn.Bind(schema, name) : null, tasks);

    // Where vectors of any length are taken, the network for those of a column.
    private FewShotNetwork For(DataViewSchema schema, FewShotColumns columns) => !Network.Shape.IsAnyLength ? Network
        : Network.For(FewShotFeatures.Bind(schema, columns.Feature, Network.Example).RowBytes / sizeof(float));

    private SupportRows Read(FewShotNetwork network, IDataView data, FewShotColumns columns) => new SupportReader(
        FewShotFeatures.Bind(data.Schema, columns.Feature, network.Example), LabelColumns.Bind(data.Schema, columns.Label, columns.Candidates, LeastWays(columns)))
        .Read(_environment, data, isMixed: false);

    private (FewShotNetwork Network, SupportSet Samples) Whole(IDataView support, FewShotColumns columns)
    {
        var network = For(support.Schema, columns);
        return (network, SupportCheck.Whole(Read(network, support, columns), network.Example, columns.Label, MaxWays, LeastWays(columns)));
    }

    // One class and none of it are two answers.
    private static int LeastWays(FewShotColumns columns) => columns.Added.Known is null ? ClassLabels.LeastCount : 1;

    private FewShotClassifier Create(FewShotNetwork network, SupportRows rows, FewShotColumns columns, FewShotMethod method, bool keepsSupport, double? falseRejectionRate)
    {
        var support = SupportCheck.Whole(rows, network.Example, columns.Label, MaxWays, LeastWays(columns));
        var scorer = new ClassifierScorer(network.Adapt(support, method, falseRejectionRate), network.Scale, support.Slots(), network.Device);
        var model = new FewShotClassifierModel(columns, support.Labels, method, keepsSupport ? support : null, SampleCounts.Of(support), falseRejectionRate);
        var classifier = new FewShotClassifier(_environment, model, scorer);
        if (keepsSupport)
        {
            using var channel = _environment.Start("Making a classifier");
            channel.Info(MessageSensitivity.None,
                $"The classifier keeps its {support.Samples.Count} support samples; they add up to {classifier.SupportBytes} bytes to its file.");
        }

        return classifier;
    }
}
