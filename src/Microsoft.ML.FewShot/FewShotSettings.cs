using Microsoft.ML.FewShot.Baselines;
using Microsoft.ML.FewShot.Baselines.Models;
using Microsoft.ML.FewShot.Data;
using Microsoft.ML.FewShot.Models;
using Microsoft.ML.FewShot.Training;
using Microsoft.ML.VisionCore.Training;
using Options = Microsoft.ML.FewShot.FewShotHyperTransformerTrainer.Options;

namespace Microsoft.ML.FewShot;

/// <summary>Options → what the model and the training are made of.</summary>
internal static class FewShotSettings
{
    private const int MinWays = 5;
    private const int FewChannels = 16;
    private const int ManyChannels = 32;
    private const int MetricRank = 128;
    private const int LastSide = 8;
    private const int MostPoolings = 4;
    private const int ContextLength = 64;

    /// <summary>The shape of the model. Not validated.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="example">What the examples are.</param>
    public static FewShotShape Shape(Options options, ExampleShape example)
    {
        var isPaper = options.Model.Design == FewShotDesign.Paper;
        var shape = isPaper ? FewShotShape.Paper(options.Channels) : new FewShotShape { Channels = options.Channels, Design = options.Model.Design };
        shape = shape with
        {
            ImageSize = example.ImageSize,
            Colors = example.IsImage ? example.Colors : 1,
            FeatureLength = example.FeatureLength,
            HiddenUnits = example.IsImage ? 0 : options.Model.HiddenWidth,
            MaxWays = options.MaxWays,
            GeneratedLayers = example.IsImage ? options.Model.GeneratedConvolutions : options.Model.HiddenWidth > 0 ? 1 : 0,
            Poolings = options.Model.Poolings ?? (isPaper ? shape.Poolings : Poolings(example.ImageSize)),
            MetricRank = example.IsImage ? options.Model.MetricRank ?? (isPaper ? 0 : MetricRank) : 0,
            Normalization = options.Model.Normalization ?? shape.Normalization,
            PreNorm = options.Model.PreNorm ?? shape.PreNorm,
            EncoderLayers = options.Model.EncoderLayers ?? shape.EncoderLayers,
            EncoderHeads = options.Model.EncoderHeads,
            SupportViews = options.TestTimeAugmentation.SupportCopies ?? (isPaper ? shape.SupportViews : SupportViews(options.Channels)),
            QueryViews = options.TestTimeAugmentation.QueryCopies ?? shape.QueryViews,
            EncoderWidth = options.Model.EncoderWidth ?? (example.IsImage && options.Model.GeneratedConvolutions > 0 ? 64 : shape.EncoderWidth),
        };
        return options.Method switch
        {
            FewShotMethod.HyperTransformer => shape,
            FewShotMethod.LgmNet => Plain(shape) with { SoftKMeansSteps = 0, MetricRank = 0, ContextLength = ContextLength },
            FewShotMethod.Maml or FewShotMethod.LstmMetaLearner => Plain(shape) with { SoftKMeansSteps = 0, MetricRank = 0 },
            // Class means are a generator that has no correction.
            FewShotMethod.SoftKMeans => Plain(shape),
            _ => Plain(shape) with { SoftKMeansSteps = 0 },
        };
    }

    /// <summary>How a model of a method that <see cref="MetaLearner.Is"/> is made.</summary>
    public static Func<Random, MetaLearner> LearnerOf(Options options, FewShotShape shape) => options.Method switch
    {
        FewShotMethod.LgmNet => random => new LgmNet(shape, random),
        FewShotMethod.LstmMetaLearner => random => new LstmMetaLearner(shape, new LstmSettings(), random),
        _ => random => new MamlModel(shape, new MamlSettings { FirstOrder = options.Model.FirstOrder }, random),
    };

    // A metric makes use of many places in the image; beyond some there is more to compute and to keep than to gain.
    private static int Poolings(int side) => Enumerable.Range(0, MostPoolings).FirstOrDefault(poolings => side >> poolings <= LastSide, MostPoolings);

    // The smaller the network, the more its embedding depends on where a drawing lies, and the less a view costs.
    private static int SupportViews(int channels) => channels < FewChannels ? 2 : 1;

    // Turned classes are more classes: a large network gains by them, a small one cannot hold them.
    private static double Rotation(int channels) => channels < FewChannels ? 0.3 : channels < ManyChannels ? 0.5 : 1;

    /// <summary>How to train.</summary>
    public static FewShotTrainingSettings Training(Options options, int seed)
    {
        var standard = new FewShotTrainingSettings();
        var usesUnlabeled = options.Method is FewShotMethod.HyperTransformer or FewShotMethod.SoftKMeans;
        var unlabeled = new IntRange(0, usesUnlabeled ? options.MaxUnlabeled : 0);
        var variation = new ClassVariation(options.Episodes.ClassRotation ?? Rotation(options.Channels), 0, options.Episodes.AffineVariation, options.Episodes.StrokeVariation);
        var (ways, shots) = (new IntRange(options.Episodes.MinWays ?? Math.Min(MinWays, options.MaxWays), options.MaxWays), new IntRange(options.Episodes.MinShots, options.MaxShots));
        return standard with
        {
            Method = options.Method,
            Seed = seed,
            Variation = variation,
            EmbeddedEpisodes = standard.EmbeddedEpisodes with { Ways = ways, Shots = shots, Unlabeled = unlabeled },
            Episodes = standard.Episodes with { Ways = ways, Shots = shots, Unlabeled = unlabeled, Variation = variation },
            ValidationEpisodes = standard.ValidationEpisodes with { Ways = options.MaxWays, Shots = options.Episodes.MinShots, Unlabeled = unlabeled },
            Logits = options.Method == FewShotMethod.HyperTransformer ? standard.Logits : standard.Logits with { Steps = 0 },
            Loop = new TrainingSettings
            {
                TimeBudget = options.TrainTime,
                CheckpointPath = options.CheckpointPath,
                EarlyStopping = options.EarlyStoppingCriteria is { } criteria ? new EarlyStopping(criteria.MinDelta, criteria.Patience) : null,
            },
        };
    }

    private static FewShotShape Plain(FewShotShape shape) => shape with
    {
        Design = FewShotDesign.Prototype,
        GeneratedLayers = 0,
        AddLearnedWeights = true,
        EncoderLayers = 0,
        SupportViews = 0,
        QueryViews = 0,
    };

    /// <summary>These settings as they suit a model and its data, with the length that was asked for.</summary>
    public static FewShotTrainingSettings Suited(FewShotTrainingSettings settings, Options options, FewShotShape shape, ExamplePool training)
    {
        var suited = settings.For(shape, training);
        return suited with
        {
            Backbone = WithEffort(suited.Backbone, options),
            Clusters = WithEffort(suited.Clusters, options),
            Logits = WithEffort(suited.Logits, options),
            Together = WithEffort(MetaLearner.Is(options.Method) ? MetaLearnerTraining.Stage : suited.Of(FewShotStage.Together), options),
        };
    }

    // No steps stay none: that stage is left out.
    private static StageSettings WithEffort(StageSettings stage, Options options) =>
        stage.Steps == 0 ? stage : stage with { Steps = Math.Max(1, (int)Math.Round(stage.Steps * options.Effort)) };
}
