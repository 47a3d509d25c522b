using System.Globalization;

namespace Microsoft.ML.TTT;

/// <summary>Finds everything that is wrong with options before any data is seen.</summary>
internal static class TttOptionsCheck
{
    /// <exception cref="ArgumentOutOfRangeException">Something is out of range; the message names every violation.</exception>
    public static void Validate(TTTImageClassificationTrainer.Options options)
    {
        var violations = Columns(options).Concat(Ranges(options)).Concat(Positives(options)).Concat(Names(options)).Concat(Model(options)).Distinct().ToArray();
        if (violations.Length > 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), string.Join(Environment.NewLine, violations));
        }
    }

    private static IEnumerable<string> Columns(TTTImageClassificationTrainer.Options options)
    {
        (string Role, string? Name)[] columns =
        [
            (nameof(options.LabelColumnName), options.LabelColumnName),
            (nameof(options.FeatureColumnName), options.FeatureColumnName),
            (nameof(options.ScoreColumnName), options.ScoreColumnName),
            (nameof(options.PredictedLabelColumnName), options.PredictedLabelColumnName),
        ];
        foreach (var (role, _) in columns.Where(column => string.IsNullOrWhiteSpace(column.Name)))
        {
            yield return $"{role} must be the name of a column; it is empty.";
        }

        foreach (var group in columns.Where(column => !string.IsNullOrWhiteSpace(column.Name)).GroupBy(column => column.Name).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(" and ", group.Select(column => column.Role))} must be different columns; all are '{group.Key}'.";
        }
    }

    private static IEnumerable<string> Ranges(TTTImageClassificationTrainer.Options options)
    {
        (string Name, double? Value, double Low, double High)[] ranges =
        [
            (nameof(options.Epoch), options.Epoch, 1, 100_000),
            (nameof(options.BatchSize), options.BatchSize, 1, 65_536),
            (nameof(options.WeightDecay), options.WeightDecay, 0, 1),
            (nameof(options.WarmUpFraction), options.WarmUpFraction, 0, 0.5),
            (nameof(options.LabelSmoothing), options.LabelSmoothing, 0, 0.9),
            (nameof(options.CropPadding), options.CropPadding, 0, 0.5),
            (nameof(options.MixUpAlpha), options.MixUpAlpha, 0, 10),
            (nameof(options.CutMixAlpha), options.CutMixAlpha, 0, 10),
            (nameof(options.LowResolutionFraction), options.LowResolutionFraction, 0, 0.95),
            (nameof(options.ValidationSetFraction), options.ValidationSetFraction, 0, 0.9),
            (nameof(options.PixelCacheBytes), options.PixelCacheBytes, 0, long.MaxValue),
            (nameof(options.GpuDeviceId), options.GpuDeviceId, 0, 255),
            (nameof(options.ImageSize), options.ImageSize, 8, 4096),
            ("EarlyStoppingCriteria.Patience", options.EarlyStoppingCriteria?.Patience, 1, int.MaxValue),
            ("EarlyStoppingCriteria.MinDelta", options.EarlyStoppingCriteria?.MinDelta, 0, float.MaxValue),
        ];
        foreach (var (name, value, low, high) in ranges)
        {
            if (value is { } number && !(number >= low && number <= high))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} must be in [{low}, {high}]; it is {number}.");
            }
        }
    }

    private static IEnumerable<string> Positives(TTTImageClassificationTrainer.Options options)
    {
        (string Name, double? Value, double High)[] positives =
        [
            (nameof(options.LearningRate), options.LearningRate, 1),
            (nameof(options.MatrixLearningRate), options.MatrixLearningRate, 1),
            (nameof(options.ClipNorm), options.ClipNorm, float.MaxValue),
            (nameof(options.AverageDecay), options.AverageDecay, 1 - 1e-7),
            ("TrainTime in seconds", options.TrainTime?.TotalSeconds, TimeSpan.FromDays(365).TotalSeconds),
        ];
        foreach (var (name, value, high) in positives)
        {
            if (value is { } number && !(number > 0 && number <= high))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{name} must be above 0 and at most {high}; it is {number}.");
            }
        }
    }

    private static IEnumerable<string> Names(TTTImageClassificationTrainer.Options options)
    {
        (string Name, Enum? Value)[] choices =
        [
            (nameof(options.Arch), options.Arch),
            (nameof(options.Optimizer), options.Optimizer),
            (nameof(options.Stem), options.Stem),
            (nameof(options.Positions), options.Positions),
            ("EarlyStoppingCriteria.Metric", options.EarlyStoppingCriteria?.Metric),
        ];
        foreach (var (name, value) in choices.Where(choice => choice.Value is { } value && !Enum.IsDefined(value.GetType(), value)))
        {
            yield return $"{name} must be one of {string.Join(", ", Enum.GetNames(value!.GetType()))}; it is {value}.";
        }

        if (options.CheckpointPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            yield return $"{nameof(options.CheckpointPath)} must be the path of a file or null; it is empty.";
        }
    }

    // The shape for a stand-in side and number of classes: what the data decides is checked again when it is known.
    private static IEnumerable<string> Model(TTTImageClassificationTrainer.Options options)
    {
        const int anyClasses = 2;
        var shape = TttSettings.Shape(options, options.ImageSize ?? StandInSide(options), anyClasses);
        return shape.Violations();
    }

    private static int StandInSide(TTTImageClassificationTrainer.Options options) =>
        options.PatchSize is > 0 and < 4096 and var patch ? TttSettings.RoundUp(64, patch) : 64;
}
