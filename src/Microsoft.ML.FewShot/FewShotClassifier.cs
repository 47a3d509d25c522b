using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Onnx;
using Microsoft.ML.FewShot.Persistence;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Explanation;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;

[assembly: LoadableClass(typeof(FewShotClassifier), null, typeof(SignatureLoadModel), FewShotClassifier.UserName, FewShotClassifier.LoaderSignature)]

namespace Microsoft.ML.FewShot;

/// <summary>
/// A classifier that a <see cref="FewShotHyperTransformer"/> has made from a support set. It is saved and loaded without the hyper-transformer.
/// </summary>
/// <remarks>
/// Rows are scored in batches while they are read; several cursors may run at once, on several threads. A row is scored by itself: its probabilities
/// are the same, bit for bit, whatever rows are scored with it, after a reload on the same device, and in a prediction engine. A row whose image or
/// features are missing or cannot be read gets NaN probabilities and a missing class; a row that is rejected
/// (<see cref="FewShotClassifierOptions.RejectUnknown"/>) gets a missing class and keeps its probabilities. Dispose of it to free its tensors; what other threads are
/// scoring then still ends as it should.
/// </remarks>
public sealed class FewShotClassifier : ITransformer, IDisposable, IOnnxExportable, IExplainable
{
    internal const string UserName = "Few-shot classifier";
    internal const string LoaderSignature = FewShotClassifierFile.LoaderSignature;

    private readonly FewShotClassifierModel _model;
    private readonly ClassifierScorer _scorer;
    private readonly ScoringModel _scoring;

    internal FewShotClassifier(IHostEnvironment environment, FewShotClassifierModel model, ClassifierScorer scorer)
    {
        (_model, _scorer) = (model, scorer);
        Classes = [.. Enumerable.Range(0, model.Labels.Count).Select(model.Labels.NameOf)];
        WeightCount = scorer.Network.state_dict().Values.Sum(tensor => tensor.numel());
        _scoring = new ScoringModel(
            environment, scorer, schema => FewShotFeatures.Bind(schema, model.Columns.Feature, scorer.Shape), model.Columns.Added, model.Labels);
    }

    /// <summary>True: every row is scored by itself.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The classes as text, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether rows of none of the classes get a missing class, and a column says how sure it is that a row is of one of them.</summary>
    public bool RejectsUnknown => _model.FalseRejectionRate is not null;

    /// <summary>
    /// Whether pictures are embedded by what all classifiers of the generator share, as with <see cref="PretrainedGenerator.Photographs"/>; an ONNX file may then have
    /// <see cref="OnnxPart.Embedding"/> or <see cref="OnnxPart.Head"/> alone.
    /// </summary>
    public bool SharesEmbedding => _scorer.Network.Embedding is not null;

    /// <summary>The method that made it.</summary>
    public FewShotMethod Method => _model.Method;

    /// <summary>The side S in pixels of the square that images are stretched to; 0 for features.</summary>
    public int ImageSize => _scorer.Shape.ImageSize;

    /// <summary>The length F of feature vectors; 0 for images.</summary>
    public int FeatureLength => _scorer.Shape.FeatureLength;

    /// <summary>The number of weights.</summary>
    public long WeightCount { get; }

    /// <summary>
    /// How many samples it was made of that had a label, or some candidates; rows that could not be read do not count. Null for a classifier from an
    /// older file, which does not say.
    /// </summary>
    public int? LabeledCount => _model.Samples?.Labeled;

    /// <summary>How many samples it was made of that had neither; the rest as for <see cref="LabeledCount"/>.</summary>
    public int? UnlabeledCount => _model.Samples?.Unlabeled;

    /// <summary>Whether the support samples are inside, here and in the file, so that <see cref="AddExamples"/> is possible.</summary>
    public bool KeepsSupport => _model.Support is not null;

    /// <summary>The bytes that kept support samples take, here and (before compression) in the file; 0 where none are kept.</summary>
    public long SupportBytes => _model.Support is { } support ? (long)support.Samples.Count * support.Shape.Bytes : 0;

    /// <summary>Makes a classifier from the kept support samples and new ones, which may be of new classes.</summary>
    /// <param name="generator">The hyper-transformer; any that takes the same images or features.</param>
    /// <param name="examples">The new samples, in the same columns as the support set; labels as text or keys with values.</param>
    /// <returns>The new classifier, which keeps all samples. This one stays as it is.</returns>
    /// <exception cref="InvalidOperationException">No samples were kept; or the machine has less memory than so many need at least.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be; or the hyper-transformer takes other images or features.</exception>
    public FewShotClassifier AddExamples(FewShotHyperTransformer generator, IDataView examples)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(examples);
        var support = _model.Support
            ?? throw new InvalidOperationException("This classifier has not kept its support samples: make it with KeepSupport, or make a new one from all samples.");
        return generator.Extend(support, _model.Columns, _model.FalseRejectionRate, examples);
    }

    /// <summary>The schema that <see cref="Transform"/> gives for an input schema.</summary>
    /// <param name="inputSchema">The schema of the data to be scored.</param>
    /// <returns>The input's columns, the probabilities and the predicted label; of a classifier that rejects, also the score of being known.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or holds something else than it must.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredSchema(_scoring, inputSchema).Output;
    }

    /// <summary>Scores rows while they are read; nothing is computed before.</summary>
    /// <param name="input">The data to be scored.</param>
    /// <returns>A view of the input with the scores.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or holds something else than it must.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredDataView(_scoring, input);
    }

    /// <summary>A mapper that scores one row at a time, as prediction engines do.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or holds something else than it must.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoringRowMapper(_scoring, inputSchema);
    }

    /// <summary>Frees the tensors. Scoring is impossible afterwards.</summary>
    public void Dispose() => _scorer.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var use = _scorer.Use();
        FewShotClassifierFile.Write(ctx, _model, _scorer);
    }

    ModelProto IOnnxExportable.ToOnnx(OnnxPart part)
    {
        using var use = _scorer.Use();
        return FewShotOnnx.Export(_scorer, _model.Labels, _model.Method, part);
    }

    IDataView IExplainable.Explain(IDataView input, string? className) => _scorer.GridSide > 0
        ? new ExplainedDataView(_scoring, _scorer, input, className)
        : throw new NotSupportedException($"This classifier takes feature vectors of length {FeatureLength}, which have no places to explain; one of images has.");

    // Found by its name and parameters when ML.NET loads a model.
    private static FewShotClassifier Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(LoaderSignature);
        using var channel = host.Start("Loading");
        var device = TorchDevice.Resolve(env, channel);
        var (model, scorer) = FewShotClassifierFile.Read(ctx, device);
        return new FewShotClassifier(host, model, scorer);
    }
}
