using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Support;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot;

/// <summary>
/// The <see cref="IEstimator{TTransformer}"/> that trains a <see cref="FewShotHyperTransformer"/> on many classes, so that it can generate
/// classifiers of classes it has never seen from a handful of examples.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.MulticlassClassification.Trainers.FewShotHyperTransformer`.
///
/// ### Input columns
/// The label column is a key of type `uint`: the base classes, the more of them the better. The feature column holds images (encoded files as a vector
/// of bytes of unknown size, `MLImage`, or a known-size vector of `float` pixels) or features (a one-dimensional known-size vector of `float`).
///
/// ### Trainer characteristics
/// |  |  |
/// | -- | -- |
/// | Machine learning task | Few-shot multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.FewShot, and TorchSharp-cpu, TorchSharp-cuda-windows or TorchSharp-cuda-linux |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed partial class FewShotHyperTransformerTrainer : IEstimator<FewShotHyperTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly Options _options;

    internal FewShotHyperTransformerTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        _environment = environment;
        _options = options.Copy();
        FewShotOptionsCheck.Validate(_options);
    }

    /// <summary>Trains on base classes.</summary>
    /// <param name="input">The training set.</param>
    /// <returns>The trained hyper-transformer, with the weights that did best on classes held out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none; the machine has less memory than a training of these sizes needs at least.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    /// <exception cref="FormatException">The file at <see cref="Options.CheckpointPath"/> is damaged.</exception>
    /// <exception cref="IOException">That file cannot be written, or another training writes it.</exception>
    public FewShotHyperTransformer Fit(IDataView input) => Fit(input, null);

    /// <summary>Trains on base classes and measures itself on others.</summary>
    /// <param name="trainData">The training set.</param>
    /// <param name="validationData">
    /// Classes that training never learns from; null means <see cref="Options.ValidationSet"/>, or else a share of the training classes.
    /// </param>
    /// <returns>The trained hyper-transformer, with the weights that did best on the validation classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    /// <exception cref="InvalidOperationException">There are too few classes with enough examples; the loss was not a number before any weights had
    /// been validated; a GPU was demanded and there is none; the machine has less memory than a training of these sizes needs at least.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled before its first step.</exception>
    /// <exception cref="FormatException">The file at <see cref="Options.CheckpointPath"/> is damaged.</exception>
    /// <exception cref="IOException">That file cannot be written, or another training writes it.</exception>
    public FewShotHyperTransformer Fit(IDataView trainData, IDataView? validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        var start = TimeProvider.System.GetTimestamp();
        using var mode = new TorchMode(gradients: true);
        using var memory = KeptMemory.Hold();
        var host = _environment.Register(nameof(FewShotHyperTransformerTrainer));
        using var channel = host.Start("Training");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(_options.CancellationToken);
        var training = DataSet(trainData, "training set");
        var validation = (validationData ?? _options.ValidationSet) is { } data ? DataSet(data, "validation set") : null;
        CheckMatches(training, validation);
        var device = TorchDevice.Resolve(_environment, channel, _options.GpuDeviceId, _options.FallbackToCpu);
        var team = new Team(_options.ProcessGroup);
        var least = training.FeatureLength > 0 ? ExampleShape.Vectors(training.FeatureLength) : ExampleShape.Images(1, _options.ImageSize);
        FewShotMemory.OfWeights(FewShotSettings.Shape(_options, least)).Check(device, "the examples");
        var (pool, skipped) = training.Read(host, channel, _options.ImageSize, _options.IsColor is { } isColor ? isColor ? 3 : 1 : null, cancellation.Token);
        team.CheckAgreement(() =>
        [
            ("the number of examples", $"{pool.Count}"),
            ("the classes", string.Join(", ", pool.Classes.Select(one => $"{one.Name} {one.Examples.Length}"))),
            ("whether there is a validation set", $"{validation is not null}"),
            (nameof(Options.Method), $"{_options.Method}"),
            (nameof(Options.Channels), $"{_options.Channels}"),
            (nameof(Options.ImageSize), $"{_options.ImageSize}"),
            (nameof(Options.MaxWays), $"{_options.MaxWays}"),
            (nameof(Options.MaxShots), $"{_options.MaxShots}"),
            (nameof(Options.Effort), $"{_options.Effort}"),
            (nameof(ProcessGroup.LocalSteps), $"{team.LocalSteps}"),
        ]);
        var seed = (int)team.Broadcast(CatalogEnvironment.SeedOf(_environment, _options.Seed, channel));
        ExamplePool? held;
        if (validation is null)
        {
            (pool, held) = Split(channel, pool, seed);
        }
        else
        {
            CheckEnough(pool, "");
            (held, var heldSkipped) = validation.Read(host, channel, _options.ImageSize, pool.Shape.Colors, cancellation.Token);
            skipped += heldSkipped;
        }

        var shape = FewShotSettings.Shape(_options, pool.Shape);
        shape.Validate("options");

        var settings = FewShotSettings.Suited(FewShotSettings.Training(_options, seed), _options, shape, pool);
        FewShotStage[] stages = MetaLearner.Is(_options.Method) ? [FewShotStage.Together] : [.. settings.StagesOf(shape)];
        var reports = new FewShotReports(
            _options.MetricsCallback, host, channel, cancellation, [.. stages.Select(stage => settings.Of(stage).Share)], skipped);
        settings = settings with
        {
            Progress = team.IsFirst ? reports.Report : _ => { },
            Loop = (settings.Loop with { BudgetStart = start, CancellationToken = cancellation.Token }).For(team),
        };
        var network = Train(channel, pool, held, shape, settings, device);
        network.MeasureSpread(held ?? pool, seed);
        if (CatalogEnvironment.IsCanceled(host))
        {
            network.Dispose();
            throw new OperationCanceledException("The MLContext was told to stop all work.");
        }

        return new FewShotHyperTransformer(host, network, Columns);
    }

    /// <summary>The shape of the schema that the trained hyper-transformer will give.</summary>
    /// <param name="inputSchema">The shape of the training set's schema.</param>
    /// <returns>The input's columns, the probabilities and the predicted label.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than it must be.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        FewShotFeatures.Check(inputSchema, _options.FeatureColumnName, _options.Input);
        return Columns.Added.AddTo(inputSchema, ClassLabels.Check(inputSchema, _options.LabelColumnName, "label"));
    }

    private FewShotColumns Columns => new(_options.LabelColumnName, _options.FeatureColumnName, _options.GroupColumnName, _options.CandidatesColumnName,
        new ScoreColumns(_options.ScoreColumnName, _options.PredictedLabelColumnName));

    private FewShotDataSet DataSet(IDataView data, string name) => new(data, _options.LabelColumnName, _options.FeatureColumnName, _options.Input, name);

    private static void CheckMatches(FewShotDataSet training, FewShotDataSet? validation)
    {
        if (validation is not null && validation.FeatureLength != training.FeatureLength)
        {
            throw new ArgumentOutOfRangeException(nameof(validation),
                $"The validation set has {Kind(validation)}, the training set {Kind(training)}; both must be alike.");
        }
    }

    private static string Kind(FewShotDataSet data) => data.FeatureLength == 0 ? "images" : $"vectors of length {data.FeatureLength}";

    /// <summary>Holds classes out where there is no validation set, and refuses what is too little to train on.</summary>
    private (ExamplePool Training, ExamplePool? Validation) Split(IChannel channel, ExamplePool pool, int seed)
    {
        CheckEnough(pool, "");
        if (_options.ValidationClassFraction == 0)
        {
            return (pool, null);
        }

        var (training, validation) = pool.SplitClasses(_options.ValidationClassFraction, seed);
        CheckEnough(training, $" after {validation.Classes.Count} were held out for validation (ValidationClassFraction)");
        // Tasks need two classes: of fewer nothing can be measured.
        var needed = _options.Episodes.MinShots + 1;
        var usable = validation.WithAtLeast(needed).Classes.Count;
        if (usable >= 2)
        {
            return (training, validation);
        }

        channel.Warning(MessageSensitivity.None, $"Nothing is validated, and the last weights are kept: of {pool.Classes.Count} classes {validation.Classes.Count} "
            + $"{(validation.Classes.Count == 1 ? "is" : "are")} held out (ValidationClassFraction), and a validation needs 2 with at least {needed} {pool.Shape.Noun}. More classes would help.");
        return (training, null);
    }

    private void CheckEnough(ExamplePool pool, string when)
    {
        var needed = _options.Episodes.MinShots + 1;
        var usable = pool.WithAtLeast(needed).Classes.Count;
        if (usable < _options.MaxWays)
        {
            throw new InvalidOperationException(
                $"{_options.MaxWays}-way needs {_options.MaxWays} classes with at least {needed} {pool.Shape.Noun}; the data has {usable} such classes{when}. " +
                "Give more, or set MaxWays lower.");
        }
    }

    private FewShotNetwork Train(IChannel channel, ExamplePool pool, ExamplePool? held, FewShotShape shape, FewShotTrainingSettings settings, Device device)
    {
        if (MetaLearner.Is(_options.Method))
        {
            var trained = MetaLearnerTraining.Run(pool, held, shape, FewShotSettings.LearnerOf(_options, shape), settings, channel, device);
            return new FewShotNetwork(trained.Model, _options.Method, shape.IsImages ? trained.Scale : null, device);
        }

        var outcome = FewShotTraining.Run(pool, held, shape, settings, channel, device);
        return new FewShotNetwork(outcome.Model, _options.Method, shape.IsImages ? outcome.Scale : null, device);
    }
}
