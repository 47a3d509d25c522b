using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.FewShot;

/// <summary>Finds everything that is wrong with options before any data is seen.</summary>
internal static class FewShotOptionsCheck
{
    /// <exception cref="ArgumentOutOfRangeException">Something is out of range; the message names every violation.</exception>
    public static void Validate(FewShotHyperTransformerTrainer.Options options)
    {
        string[] missing = [.. Missing(options)];
        OptionCheck.Throw(missing, nameof(options));
        string[] violations = [.. Columns(options), .. Ranges(options), .. Positives(options), .. Names(options)];
        // A shape of impossible numbers has nothing to add.
        OptionCheck.Throw(violations.Length > 0 ? violations : Model(options), nameof(options));
    }

    private static IEnumerable<string> Missing(FewShotHyperTransformerTrainer.Options options) =>
        from one in new (string Name, object? Value)[]
        {
            (nameof(options.Model), options.Model),
            (nameof(options.Episodes), options.Episodes),
            (nameof(options.TestTimeAugmentation), options.TestTimeAugmentation),
        }
        where one.Value is null
        select $"{one.Name} must not be null.";

    private static IEnumerable<string> Columns(FewShotHyperTransformerTrainer.Options options) => OptionCheck.Columns(
        (nameof(options.LabelColumnName), options.LabelColumnName ?? ""),
        (nameof(options.FeatureColumnName), options.FeatureColumnName ?? ""),
        (nameof(options.GroupColumnName), options.GroupColumnName),
        (nameof(options.CandidatesColumnName), options.CandidatesColumnName),
        (nameof(options.ScoreColumnName), options.ScoreColumnName ?? ""),
        (nameof(options.PredictedLabelColumnName), options.PredictedLabelColumnName ?? ""));

    private static IEnumerable<string> Ranges(FewShotHyperTransformerTrainer.Options options)
    {
        var (model, episodes, augmentation) = (options.Model, options.Episodes, options.TestTimeAugmentation);
        return OptionCheck.Outside(
            (nameof(options.MaxWays), options.MaxWays, 2, 1000),
            (nameof(options.MaxShots), options.MaxShots, Math.Max(1, episodes.MinShots), 1000),
            (nameof(options.MaxUnlabeled), options.MaxUnlabeled, 0, 1000),
            (nameof(options.ImageSize), options.ImageSize, 16, 256),
            (nameof(options.Channels), options.Channels, 1, 512),
            (nameof(options.ValidationClassFraction), options.ValidationClassFraction, 0, 0.5),
            (nameof(options.GpuDeviceId), options.GpuDeviceId, 0, 255),
            ("EarlyStoppingCriteria.Patience", options.EarlyStoppingCriteria?.Patience, 1, int.MaxValue),
            ("EarlyStoppingCriteria.MinDelta", options.EarlyStoppingCriteria?.MinDelta, 0, 1),
            ("Model.GeneratedConvolutions", model.GeneratedConvolutions, 0, 4),
            ("Model.HiddenWidth", model.HiddenWidth, 0, 4096),
            ("Model.Poolings", model.Poolings, 0, 4),
            ("Model.MetricRank", model.MetricRank, 0, 4096),
            ("Model.EncoderLayers", model.EncoderLayers, 1, 16),
            ("Model.EncoderHeads", model.EncoderHeads, 1, 64),
            ("Model.EncoderWidth", model.EncoderWidth, 1, 4096),
            ("Episodes.MinWays", episodes.MinWays, 2, Math.Max(2, options.MaxWays)),
            ("Episodes.MinShots", episodes.MinShots, 1, 1000),
            ("Episodes.ClassRotation", episodes.ClassRotation, 0, 1),
            ("Episodes.AffineVariation", episodes.AffineVariation, 0, 1),
            ("Episodes.StrokeVariation", episodes.StrokeVariation, 0, 1),
            ("TestTimeAugmentation.SupportCopies", augmentation.SupportCopies, 0, 4),
            ("TestTimeAugmentation.QueryCopies", augmentation.QueryCopies, 0, 4));
    }

    private static IEnumerable<string> Positives(FewShotHyperTransformerTrainer.Options options) => OptionCheck.NotPositive(
        (nameof(options.Effort), options.Effort, 1000),
        ("TrainTime in seconds", options.TrainTime?.TotalSeconds, TimeSpan.FromDays(365).TotalSeconds));

    private static IEnumerable<string> Names(FewShotHyperTransformerTrainer.Options options) =>
    [
        .. OptionCheck.Undefined(
            (nameof(options.Method), options.Method),
            (nameof(options.Input), options.Input),
            ("Model.Design", options.Model.Design),
            ("Model.Normalization", options.Model.Normalization)),
        .. OptionCheck.EmptyPath(nameof(options.CheckpointPath), options.CheckpointPath),
    ];

    // What the data decides, a stand-in decides here; it is checked again when it is known.
    private static IEnumerable<string> Model(FewShotHyperTransformerTrainer.Options options)
    {
        var example = options.Input == FewShotInput.Vectors ? ExampleShape.Vectors(1) : ExampleShape.Images(1, options.ImageSize);
        return FewShotSettings.Shape(options, example).Violations();
    }
}
