using Microsoft.ML.FewShot.Data;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.FewShot;

/// <summary>Finds everything that is wrong with options before any data is seen.</summary>
internal static class FewShotOptionsCheck
{
    /// <param name="options">The trainer's own copy; parts that are missing are filled in.</param>
    /// <exception cref="ArgumentOutOfRangeException">Something is missing or out of range; the message names every violation.</exception>
    public static void Validate(FewShotHyperTransformerTrainer.Options options)
    {
        string[] missing = [.. Missing(options)];
        // What is not missing is checked all the same.
        (options.Model, options.Episodes, options.TestTimeAugmentation) = (options.Model ?? new(), options.Episodes ?? new(), options.TestTimeAugmentation ?? new());
        string[] violations = [.. missing, .. Columns(options), .. Ranges(options), .. Names(options)];
        // A shape of impossible numbers has nothing to add.
        OptionCheck.Throw(violations.Length > 0 ? violations : Model(options), nameof(options));
    }

    private static IEnumerable<string> Missing(FewShotHyperTransformerTrainer.Options options) => OptionCheck.Missing(
        (nameof(options.Model), options.Model),
        (nameof(options.Episodes), options.Episodes),
        (nameof(options.TestTimeAugmentation), options.TestTimeAugmentation));

    private static IEnumerable<string> Columns(FewShotHyperTransformerTrainer.Options options) => OptionCheck.Columns(
        (nameof(options.LabelColumnName), options.LabelColumnName ?? ""),
        (nameof(options.FeatureColumnName), options.FeatureColumnName ?? ""),
        (nameof(options.GroupColumnName), options.GroupColumnName),
        (nameof(options.CandidatesColumnName), options.CandidatesColumnName),
        (nameof(options.ScoreColumnName), options.ScoreColumnName ?? ""),
        (nameof(options.PredictedLabelColumnName), options.PredictedLabelColumnName ?? ""));

    private static IEnumerable<string> Ranges(FewShotHyperTransformerTrainer.Options options) =>
    [
        .. OptionCheck.Ranges(options), .. OptionCheck.Ranges(options.Model, nameof(options.Model)),
        .. OptionCheck.Ranges(options.Episodes, nameof(options.Episodes)),
        .. OptionCheck.Ranges(options.TestTimeAugmentation, nameof(options.TestTimeAugmentation)),
        .. OptionCheck.Outside(
            (nameof(options.MaxShots), options.MaxShots, Math.Max(1, options.Episodes.MinShots), 1000),
            ("Episodes.MinWays", options.Episodes.MinWays, 2, Math.Max(2, options.MaxWays)),
            ("EarlyStoppingCriteria.Patience", options.EarlyStoppingCriteria?.Patience, 1, int.MaxValue),
            ("EarlyStoppingCriteria.MinDelta", options.EarlyStoppingCriteria?.MinDelta, 0, 1)),
        .. OptionCheck.NotPositive(("TrainTime in seconds", options.TrainTime?.TotalSeconds, TimeSpan.FromDays(365).TotalSeconds)),
    ];

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
