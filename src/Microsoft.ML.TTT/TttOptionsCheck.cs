using System.Text.RegularExpressions;
using Microsoft.ML.VisionCore.Options;

namespace Microsoft.ML.TTT;

/// <summary>Finds everything that is wrong with options before any data is seen.</summary>
internal static partial class TttOptionsCheck
{
    private const int LargestSide = 4096;

    /// <param name="options">The trainer's own copy; parts that are missing are filled in.</param>
    /// <exception cref="ArgumentOutOfRangeException">Something is missing or out of range; the message names every violation.</exception>
    public static void Validate(TTTImageClassificationTrainer.Options options)
    {
        string[] missing = [.. Missing(options)];
        // What is not missing is checked all the same.
        (options.Model, options.InnerLoop, options.Recipe) = (options.Model ?? new(), options.InnerLoop ?? new(), options.Recipe ?? new());
        OptionCheck.Throw([.. missing, .. Columns(options), .. Ranges(options), .. Names(options), .. Model(options)], nameof(options));
    }

    private static IEnumerable<string> Missing(TTTImageClassificationTrainer.Options options) => OptionCheck.Missing(
        (nameof(options.Model), options.Model),
        (nameof(options.InnerLoop), options.InnerLoop),
        (nameof(options.Recipe), options.Recipe));

    private static IEnumerable<string> Columns(TTTImageClassificationTrainer.Options options) => OptionCheck.Columns(
        (nameof(options.LabelColumnName), options.LabelColumnName ?? ""),
        (nameof(options.FeatureColumnName), options.FeatureColumnName ?? ""),
        (nameof(options.ScoreColumnName), options.ScoreColumnName ?? ""),
        (nameof(options.PredictedLabelColumnName), options.PredictedLabelColumnName ?? ""),
        (nameof(options.KnownScoreColumnName), options.RejectUnknown ? options.KnownScoreColumnName ?? "" : null));

    private static IEnumerable<string> Ranges(TTTImageClassificationTrainer.Options options) =>
    [
        .. OptionCheck.Ranges(options), .. OptionCheck.Ranges(options.Model, nameof(options.Model)), .. OptionCheck.Ranges(options.Recipe, nameof(options.Recipe)),
        .. OptionCheck.Outside(
            ("EarlyStoppingCriteria.Patience", options.EarlyStoppingCriteria?.Patience, 1, int.MaxValue),
            ("EarlyStoppingCriteria.MinDelta", options.EarlyStoppingCriteria?.MinDelta, 0, float.MaxValue)),
        .. OptionCheck.NotPositive(("TrainTime in seconds", options.TrainTime?.TotalSeconds, TimeSpan.FromDays(365).TotalSeconds)),
    ];

    private static IEnumerable<string> Names(TTTImageClassificationTrainer.Options options) =>
    [
        .. OptionCheck.Undefined(
            (nameof(options.Arch), options.Arch),
            (nameof(options.Backbone), options.Backbone),
            ("Recipe.Optimizer", options.Recipe.Optimizer),
            ("Model.Stem", options.Model.Stem),
            ("Model.Positions", options.Model.Positions),
            ("EarlyStoppingCriteria.Metric", options.EarlyStoppingCriteria?.Metric)),
        .. OptionCheck.EmptyPath(nameof(options.CheckpointPath), options.CheckpointPath),
    ];

    // The shape for a stand-in number of classes, and side where none is given or one that was refused already: what the data decides is checked again
    // when it is known.
    private static IEnumerable<string> Model(TTTImageClassificationTrainer.Options options)
    {
        const int anyClasses = 2;
        // Where the images decide on a backbone, the shape is checked without one.
        var backbone = options.Backbone == ImageBackbone.ResNet18 ? ImageBackbone.ResNet18 : ImageBackbone.None;
        var shape = TttSettings.Shape(options, backbone, options.ImageSize is >= 8 and <= LargestSide and var given ? given : StandInSide(options), anyClasses);
        return shape.Violations().Select(violation => PartOfModel().Replace(violation, match => match.Value == "Mixer" ? nameof(options.TokenMixer) : $"{nameof(options.Model)}.{match.Value}"));
    }

    // As large as a side may be, so that there are as many tokens as there can be.
    private static int StandInSide(TTTImageClassificationTrainer.Options options) =>
        options.Model.PatchSize is >= 1 and <= LargestSide and var patch ? LargestSide / patch * patch : 64;

    // What a shape calls by its own names.
    [GeneratedRegex(@"(?<![.\w])(Mixer|OtherMixer|MixerBlocks|LocalMixing|Pooling|PatchSize|TunedStages|Depth|Width|Heads|MlpRatio)\b")]
    private static partial Regex PartOfModel();
}
