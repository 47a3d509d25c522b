using Microsoft.ML.Runtime;
using Microsoft.ML.TTT.Models;
using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;

namespace Microsoft.ML.TTT;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a vision transformer to classify images. Its token mixer learns at test time: for every
/// image, an inner model is trained by gradient descent on a self-supervised task that the outer training has learned.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.MulticlassClassification.Trainers.TTTImageClassification`.
///
/// ### Input and output columns
/// The label column is a key of type `uint`; the number of classes comes from the key type. The image column holds encoded files (a vector of bytes of
/// unknown size), `MLImage`, or a known-size vector of `float` pixels, 0 to 255.
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `Score` | Vector of `float` | The probability of every class; they add up to 1. |
/// | `PredictedLabel` | Key | The most probable class; missing where the image is missing or cannot be decoded. |
/// | `KnownScore` | `float` | With `RejectUnknown`: how sure it is that the image is of one of the classes; where it is below 0.5, `PredictedLabel` is missing. |
///
/// The probabilities are calibrated on the validation set: one temperature divides the logits, in the weights of the last layer.
///
/// ### Trainer characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.TTT, and TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux; for a backbone Microsoft.ML.DnnImageFeaturizer.ResNet18 |
/// | Exportable to ONNX | Yes: `mlContext.Model.ExportToOnnx` |
/// ]]></format>
/// </remarks>
public sealed partial class TTTImageClassificationTrainer : IEstimator<TTTImageClassificationTransformer>
{
    private const string LabelRole = "label";
    private const string FeatureRole = "feature";

    private readonly IHostEnvironment _environment;
    private readonly Options _options;

    internal TTTImageClassificationTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        _environment = environment;
        _options = options.Copy();
        TttOptionsCheck.Validate(_options);
    }

    private ScoreColumns Columns => new(_options.ScoreColumnName, _options.PredictedLabelColumnName, _options.RejectUnknown ? _options.KnownScoreColumnName : null);

    /// <summary>Trains on images.</summary>
    /// <param name="input">The training set.</param>
    /// <returns>The trained classifier, with the weights that did best on the validation set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are no images, or images of one class only; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none; the machine has less memory than a training of these sizes needs at least.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    /// <exception cref="FormatException">The file at <see cref="Options.CheckpointPath"/> is damaged.</exception>
    /// <exception cref="IOException">That file cannot be written, or another training writes it.</exception>
    /// <exception cref="FileNotFoundException">The network of <see cref="Options.Backbone"/> is not beside the app; the message names its package.</exception>
    public TTTImageClassificationTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on images and measures itself on others.</summary>
    /// <param name="trainData">The training set.</param>
    /// <param name="validationData">
    /// Images that training never learns from; null means <see cref="Options.ValidationSet"/>, or else a share of the training set.
    /// </param>
    /// <returns>The trained classifier, with the weights that did best on the validation set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are no images, or images of one class only; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none; the machine has less memory than a training of these sizes needs at least.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    /// <exception cref="FormatException">The file at <see cref="Options.CheckpointPath"/> is damaged.</exception>
    /// <exception cref="IOException">That file cannot be written, or another training writes it.</exception>
    /// <exception cref="FileNotFoundException">The network of <see cref="Options.Backbone"/> is not beside the app; the message names its package.</exception>
    public TTTImageClassificationTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        var start = TimeProvider.System.GetTimestamp();
        var host = _environment.Register(nameof(TTTImageClassificationTrainer));
        using var channel = host.Start("Training");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_options.CancellationToken);
        var training = new TttTrainingData(trainData, _options, "training set");
        var validation = (validationData ?? _options.ValidationSet) is { } data ? new TttTrainingData(data, _options, "validation set") : null;
        validation?.CheckMatches(training);

        var device = TorchDevice.Resolve(_environment, channel, _options.GpuDeviceId, _options.FallbackToCpu);
        var team = new Team(_options.ProcessGroup);
        using var mode = new TorchMode(gradients: true);
        using var memory = KeptMemory.Hold();
        var shape = Shape(channel, training);
        TttMemory.Of(shape, shape.PatchSize, batch: 1, isRecomputed: true).Check(device, "an image of one token");
        using var images = training.Read(host, channel, shape.ImageSize, cancellation.Token);
        training.CheckUsable(images);
        using var validationImages = validation?.Read(host, channel, shape.ImageSize, cancellation.Token);
        if (validationImages is { Count: 0 })
        {
            throw validation!.Empty(validationImages);
        }

        team.CheckAgreement(() =>
        [
            ("the number of images", $"{images.Count}"),
            ("the images' classes", string.Join(' ', images.Rows.Select(images.Store.Label))),
            ("the number of validation images", $"{validationImages?.Count ?? 0}"),
            ("the classes", string.Join(", ", Enumerable.Range(0, training.Labels.Count).Select(training.Labels.NameOf))),
            (nameof(Options.BatchSize), $"{_options.BatchSize}"),
            (nameof(Options.Epoch), $"{_options.Epoch}"),
            (nameof(ProcessGroup.LocalSteps), $"{team.LocalSteps}"),
            (nameof(Options.ImageSize), $"{shape.ImageSize}"),
            (nameof(Options.TokenMixer), $"{_options.TokenMixer}"),
            (nameof(Options.Backbone), $"{shape.Backbone}"),
        ]);
        var settings = TttSettings.Training(_options, shape.Backbone, images.Count, (int)team.Broadcast(CatalogEnvironment.SeedOf(_environment, _options.Seed, channel)));
        var progress = new TttProgress(_options, host, channel, cancellation, images.Skipped + (validationImages?.Skipped ?? 0));
        settings = settings with
        {
            OnFeatures = progress.ReportFeatures,
            Loop = (settings.Loop with { BudgetStart = start, CancellationToken = cancellation.Token, Progress = progress.Report }).For(team),
        };
        var outcome = TttTraining.Train(channel, shape, images, validationImages, settings, device);
        var scorer = Scorer(channel, outcome, settings, device);
        if (CatalogEnvironment.IsCanceled(host))
        {
            scorer.Dispose();
            throw new OperationCanceledException("The MLContext was told to stop all work.");
        }

        channel.Info(MessageSensitivity.None, Summary(outcome));
        return new TTTImageClassificationTransformer(host, new TttModel(_options.FeatureColumnName, Columns, training.Labels), scorer);
    }

    /// <summary>The shape of the schema that the trained classifier will give.</summary>
    /// <param name="inputSchema">The shape of the training set's schema.</param>
    /// <returns>The input's columns, the probabilities and the predicted label; with <see cref="Options.RejectUnknown"/> also the score of being known.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        ImageColumn.Check(inputSchema, _options.FeatureColumnName, FeatureRole);
        return Columns.AddTo(inputSchema, ClassLabels.Check(inputSchema, _options.LabelColumnName, LabelRole));
    }

    // Calibrates the probabilities on images that were held out, and finds what is to be rejected on the same.
    private TttImageScorer Scorer(IChannel channel, TttTrainingOutcome outcome, TttTrainingSettings settings, TorchSharp.torch.Device device)
    {
        var isMirroring = settings.TestTimeAugmentation;
        HeldOutLogits Read(ImageDataSet images) => HeldOutLogits.Read(outcome.Model, outcome.Normalization, images, isMirroring, 2 * settings.BatchSize, device);
        try
        {
            var (held, temperature) = ((HeldOutLogits?)null, 1.0);
            if (outcome.Validation is { } validation)
            {
                held = Read(validation);
                temperature = held.Temperature();
                outcome.Model.DivideLogits(temperature);
                channel.Info(MessageSensitivity.None, FormattableString.Invariant($"Probabilities are calibrated on {validation.Count} validation images: temperature {temperature:F3}."));
            }

            if (!_options.RejectUnknown)
            {
                return new TttImageScorer(outcome.Model, outcome.Normalization, isMirroring, device);
            }

            if (held is null)
            {
                channel.Warning(MessageSensitivity.None, "There is no validation set: what is to be rejected is measured on training images, and of new images more will be than FalseRejectionRate says.");
            }

            held ??= Read(Some(outcome.Training, settings.Seed));
            var threshold = held.Threshold(_options.FalseRejectionRate, temperature);
            return new TttImageScorer(outcome.Model, outcome.Normalization, isMirroring, device, (float)threshold);
        }
        catch
        {
            outcome.Model.Dispose();
            throw;
        }
    }

    private static ImageDataSet Some(ImageDataSet images, int seed) =>
        images.Count <= HeldOutLogits.Enough ? images : images.Split((double)HeldOutLogits.Enough / images.Count, seed).Validation;

    private ModelShape Shape(IChannel channel, TttTrainingData training)
    {
        var backbone = training.Backbone(_options, channel);
        if (_options.ImageSize is { } side)
        {
            return Validated(TttSettings.Shape(_options, backbone, side, training.Labels.Count));
        }

        side = backbone == ImageBackbone.None ? training.SuggestSide() : BackboneChoice.PhotographSide;
        var shape = TttSettings.Shape(_options, backbone, side, training.Labels.Count);
        var fitting = TttSettings.RoundUp(side, shape.PatchSize);
        return Validated(fitting == side ? shape : TttSettings.Shape(_options, backbone, fitting, training.Labels.Count));
    }

    private static ModelShape Validated(ModelShape shape)
    {
        shape.Validate("options");
        return shape;
    }

    private static string Summary(TttTrainingOutcome outcome)
    {
        var result = outcome.Result;
        var best = result.Best is { } metrics
            ? FormattableString.Invariant($"; kept the weights of epoch {result.BestEpoch}, validation accuracy {metrics.Accuracy:P2}, loss {metrics.Loss:F4}")
            : "; nothing was validated, so the last weights are kept";
        return FormattableString.Invariant($"Training ended ({result.Reason}) after {result.Epochs} epochs, {result.Steps} steps, ") +
            FormattableString.Invariant($"{result.Elapsed.TotalSeconds:F1} s{best}.");
    }
}
