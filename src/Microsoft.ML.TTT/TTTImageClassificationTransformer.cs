using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.TTT;
using Microsoft.ML.VisionCore.Explanation;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Onnx;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;

[assembly: LoadableClass(typeof(TTTImageClassificationTransformer), null, typeof(SignatureLoadModel),
    TTTImageClassificationTransformer.UserName, TTTImageClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.TTT;

/// <summary>
/// Classifies images with a trained vision transformer. Adds the probabilities of all classes and the most probable class.
/// </summary>
/// <remarks>
/// Rows are scored in batches while they are read; several cursors may run at once, on several threads. A row whose image is missing
/// or cannot be decoded gets NaN probabilities and a missing class; one that is rejected (<see cref="TTTImageClassificationTrainer.Options.RejectUnknown"/>) gets a missing
/// class and keeps its probabilities. Reading the same rows again gives the same scores, bit for bit, and so does
/// a saved and loaded model on the same device. An image that is scored by itself, as a prediction engine does, or with other neighbours may
/// differ in the last bits, because products of matrices of another size add up in another order. Dispose of it to free the model's tensors; what other threads are
/// scoring then still ends as it should.
/// </remarks>
public sealed class TTTImageClassificationTransformer : ITransformer, IDisposable, IOnnxExportable, IExplainable
{
    internal const string UserName = "Test-time-training image classifier";
    internal const string LoaderSignature = "TTTImageClassifier";

    private readonly TttModel _model;
    private readonly TttImageScorer _scorer;
    private readonly ScoringModel _scoring;

    internal TTTImageClassificationTransformer(IHostEnvironment environment, TttModel model, TttImageScorer scorer)
    {
        _model = model;
        _scorer = scorer;
        _scoring = new ScoringModel(
            environment, scorer, schema => ImageFeatures.Bind(schema, model.FeatureColumn, "feature", scorer.Side, colours: 3), model.Columns, model.Labels);
    }

    /// <summary>True: every row is scored by itself.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The side S in pixels of the square that images are stretched to.</summary>
    public int ImageSize => _scorer.Side;

    /// <summary>The number of classes, Y.</summary>
    public int ClassCount => _scorer.ClassCount;

    /// <summary>Whether images of none of the classes get a missing class, and a column says how sure it is that an image is of one of them.</summary>
    public bool RejectsUnknown => _model.Columns.Known is not null;

    /// <summary>The pretrained network under the model.</summary>
    public ImageBackbone Backbone => _scorer.Model.Shape.Backbone;

    /// <summary>The token mixer of the model.</summary>
    public TokenMixer TokenMixer => _scorer.Model.Shape.Mixer;

    /// <summary>The schema that <see cref="Transform"/> gives for an input schema.</summary>
    /// <param name="inputSchema">The schema of the data to be scored.</param>
    /// <returns>The input's columns, the probabilities and the predicted label; of a classifier that rejects, also the score of being known.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or holds something else than images.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredSchema(_scoring, inputSchema).Output;
    }

    /// <summary>Scores images while they are read; nothing is computed before.</summary>
    /// <param name="input">The data to be scored.</param>
    /// <returns>A view of the input with the scores.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or holds something else than images.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredDataView(_scoring, input);
    }

    /// <summary>A mapper that scores one row at a time, as prediction engines do.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The image column is missing or holds something else than images.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoringRowMapper(_scoring, inputSchema);
    }

    /// <summary>Frees the model's tensors. Scoring is impossible afterwards.</summary>
    public void Dispose() => _scorer.Dispose();

    /// <summary>Whether a token mixer of the model learns in steps.</summary>
    internal bool LearnsInSteps => _scorer.Model.Shape.LearnsInSteps;

    /// <summary>What the token mixers learn from one image.</summary>
    internal IReadOnlyList<InnerLossMap> InnerLoss(ReadOnlySpan<byte> imageFile)
    {
        using var use = _scorer.Use();
        if (!LearnsInSteps)
        {
            throw new NotSupportedException($"The model has no token mixer that learns in steps, as {TokenMixer.TttLinear}, {TokenMixer.TttMlp} and {TokenMixer.ViT3} do; it has {TokenMixer}.");
        }

        var features = new byte[_scorer.RowBytes];
        if (new ImageDecoder(ImageSize).Decode(imageFile, features) is { } fault)
        {
            throw new ArgumentException($"The image cannot be decoded: {fault}.", nameof(imageFile));
        }

        return _scorer.InnerLosses(features);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        using var use = _scorer.Use();
        TttModelFile.Write(ctx, _model, _scorer);
    }

    ModelProto IOnnxExportable.ToOnnx(OnnxPart part)
    {
        OnnxExport.CheckWhole(part);
        return _scorer.ToOnnx(_model.Labels);
    }

    IDataView IExplainable.Explain(IDataView input, string? className) => new ExplainedDataView(_scoring, _scorer, input, className);

    // Found by its name and parameters when ML.NET loads a model.
    private static TTTImageClassificationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(LoaderSignature);
        using var channel = host.Start("Loading");
        var device = TorchDevice.Resolve(env, channel);
        var (model, scorer) = TttModelFile.Read(ctx, device);
        return new TTTImageClassificationTransformer(host, model, scorer);
    }
}
