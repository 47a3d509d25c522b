using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.FewShot;
using Microsoft.ML.TTT;
using MLExtensions.Testing;

namespace MLExtensions.Fuzz;

/// <summary>Trainings of seconds on drawn pictures, with equal seeds: every one of a trainer ends with the same weights.</summary>
internal static class SmallTraining
{
    public const string Images = "image", FewShot = "few-shot";

    private const int Side = 16, Ways = 2;

    /// <summary>The names of the trainers.</summary>
    public static IReadOnlyList<string> Trainers { get; } = [Images, FewShot];

    /// <summary>Trains.</summary>
    /// <param name="trainer">One of <see cref="Trainers"/>.</param>
    /// <param name="checkpoint">Where the state of the unfinished training is kept; null means nowhere.</param>
    /// <param name="isTiny">Whether it takes a tenth of a second and writes a few small checkpoints, rather than some seconds and many.</param>
    /// <param name="onValidation">Told at the end of each epoch, before the checkpoint is written.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>What was trained, and data that it can be used with: pictures to score, or a support set.</returns>
    public static (ITransformer Model, IDataView Data) Run(string trainer, string? checkpoint, bool isTiny, Action? onValidation = null, CancellationToken cancellation = default)
    {
        var context = new MLContext(1);
        var (estimator, examples, data) = Of(context, trainer, checkpoint, isTiny, onValidation, cancellation);
        return (estimator.Fit(examples), data);
    }

    /// <summary>A trainer, what it trains on, and data that its model can be used with.</summary>
    /// <param name="context">The context to train in.</param>
    /// <param name="trainer">The rest as for <see cref="Run"/>.</param>
    public static (IEstimator<ITransformer> Estimator, IDataView Examples, IDataView Data) Of(MLContext context, string trainer, string? checkpoint, bool isTiny, Action? onValidation = null,
        CancellationToken cancellation = default)
    {
        var trainers = context.MulticlassClassification.Trainers;
        if (trainer == Images)
        {
            var pictures = Draw(TinyImages.ClassNames.Count, each: 8);
            var options = new TTTImageClassificationTrainer.Options
            {
                ImageSize = Side,
                Epoch = isTiny ? 3 : 60,
                BatchSize = 16,
                Seed = 1,
                ValidationSetFraction = 0.2f,
                CheckpointPath = checkpoint,
                CancellationToken = cancellation,
                Model = { Width = isTiny ? 16 : 128, Depth = 2, Heads = 2 },
                MetricsCallback = metrics => Tell(metrics.Train.DatasetUsed == TTTImageClassificationTrainer.ImageClassificationMetrics.Dataset.Validation, onValidation),
            };
            var data = context.Data.LoadFromEnumerable(pictures);
            return (trainers.TTTImageClassification(options), data, data);
        }

        // Its epochs have 50 steps, and its parts 1,000 or 2,000 times the effort.
        var few = new FewShotHyperTransformerTrainer.Options
        {
            ImageSize = Side,
            Channels = isTiny ? 4 : 16,
            MaxWays = Ways,
            MaxShots = 2,
            MaxUnlabeled = 1,
            Effort = isTiny ? 0.002f : 0.1f,
            Seed = 1,
            ValidationClassFraction = 0.5f,
            Model = { EncoderWidth = 16 },
            Episodes = { MinWays = Ways },
            CheckpointPath = checkpoint,
            CancellationToken = cancellation,
            MetricsCallback = metrics => Tell(metrics.ValidationAccuracy is not null, onValidation),
        };
        var schema = SchemaDefinition.Create(typeof(LabeledPicture));
        schema[nameof(LabeledPicture.Label)].ColumnType = new KeyDataViewType(typeof(uint), Ways);
        var examples = context.Data.LoadFromEnumerable(Draw(TinyImages.ClassNames.Count, each: 4));
        return (trainers.FewShotHyperTransformer(few), examples, context.Data.LoadFromEnumerable(Draw(Ways, each: 8), schema));
    }

    private static void Tell(bool isValidation, Action? onValidation)
    {
        if (isValidation)
        {
            onValidation?.Invoke();
        }
    }

    private static IReadOnlyList<LabeledPicture> Draw(int classes, int each)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, classes * each).Select(i => new LabeledPicture { Label = (uint)(i / each), Features = TinyImages.Encode(i / each, Side, random) })];
    }

    private sealed class LabeledPicture : Picture
    {
        [KeyType(4)]
        public uint Label { get; set; }
    }
}
