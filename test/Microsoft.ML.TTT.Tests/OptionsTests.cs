using Options = Microsoft.ML.TTT.TTTImageClassificationTrainer.Options;

namespace Microsoft.ML.TTT.Tests;

[TestClass]
public class OptionsTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void DefaultsAreTheDocumentedOnes()
    {
        var options = new Options();
        Assert.AreEqual("Label", options.LabelColumnName);
        Assert.AreEqual("Features", options.FeatureColumnName);
        Assert.AreEqual("Score", options.ScoreColumnName);
        Assert.AreEqual("PredictedLabel", options.PredictedLabelColumnName);
        Assert.AreEqual(20, options.Epoch);
        Assert.IsNull(options.TrainTime);
        Assert.IsNull(options.BatchSize);
        Assert.AreEqual(TTTImageClassificationTrainer.OptimizerAlgorithm.Muon, options.Recipe.Optimizer);
        Assert.AreEqual(0.002f, options.LearningRate);
        Assert.AreEqual(0.02f, options.Recipe.MatrixLearningRate);
        Assert.AreEqual(0.1f, options.Recipe.LabelSmoothing);
        Assert.IsTrue(options.HorizontalFlip);
        Assert.IsNull(options.Recipe.TestTimeAugmentation);
        Assert.IsNull(options.EarlyStoppingCriteria);
        Assert.IsNull(options.MetricsCallback);
        Assert.IsNull(options.ValidationSet);
        Assert.AreEqual(0.05f, options.ValidationSetFraction);
        Assert.IsNull(options.Seed);
        Assert.IsNull(options.CheckpointPath);
        Assert.AreEqual(1L << 30, options.Recipe.PixelCacheBytes);
        Assert.IsNull(options.GpuDeviceId);
        Assert.IsNull(options.FallbackToCpu);
        Assert.IsNull(options.ImageSize);
        Assert.AreEqual(TTTImageClassificationTrainer.ModelArchitecture.Compact, options.Arch);
        Assert.IsNull(options.TokenMixer);
        Create(options);
    }

    [TestMethod]
    public void TheDefaultMixerLearnsAtTestTime()
    {
        var shape = TttSettings.Shape(new Options(), ImageBackbone.None, 32, 10);
        Assert.Contains(shape.Mixer, new[] { TokenMixer.TttLinear, TokenMixer.TttMlp, TokenMixer.ViT3 });
    }

    [TestMethod]
    public void AllViolationsStandInOneMessage()
    {
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options
        {
            LabelColumnName = "",
            ScoreColumnName = "Out",
            PredictedLabelColumnName = "Out",
            Epoch = 0,
            BatchSize = -1,
            LearningRate = float.NaN,
            Recipe = { LabelSmoothing = 1, EmaDecay = 1 },
            TrainTime = TimeSpan.Zero,
            ValidationSetFraction = 1,
            Arch = (TTTImageClassificationTrainer.ModelArchitecture)7,
            TokenMixer = TokenMixer.TttMlp,
            Model = { MixerBlocks = [5], Width = 100, Heads = 3 },
            InnerLoop = { LearnedStart = false },
            ImageSize = 30,
            EarlyStoppingCriteria = new(patience: 0),
            CheckpointPath = " ",
        }));
        string[] expected =
        [
            "LabelColumnName must be the name of a column; it is empty.",
            "ScoreColumnName and PredictedLabelColumnName must be different columns; all are 'Out'.",
            "Epoch must be in [1, 100000]; it is 0.",
            "BatchSize must be in [1, 65536]; it is -1.",
            "Recipe.LabelSmoothing must be in [0, 0.9]; it is 1.",
            "Recipe.EmaDecay must be above 0 and below 1; it is 1.",
            "ValidationSetFraction must be in [0, 0.9]; it is 1.",
            "EarlyStoppingCriteria.Patience must be in [1, 2147483647]; it is 0.",
            "LearningRate must be above 0 and at most 1; it is NaN.",
            "TrainTime in seconds must be above 0 and at most 31536000; it is 0.",
            "Arch must be one of Compact, Tiny, Small; it is 7.",
            "CheckpointPath must be the path of a file or null; it is empty.",
            "ImageSize must be a multiple of Model.PatchSize; 30 is no multiple of 4.",
            "Model.Width must be a multiple of Model.Heads; 100 is no multiple of 3.",
            "Model.MixerBlocks names block 5; the blocks of a model of depth 3 are 0 to 2.",
        ];
        foreach (var violation in expected)
        {
            Assert.Contains(violation, exception.Message);
        }
    }

    [TestMethod]
    public void AnInnerModelThatWouldDivergeIsRefusedWithTheReason()
    {
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options
        {
            TokenMixer = TokenMixer.TttLinear,
            InnerLoop = { LearnedStart = false, DecoderNorm = true },
        }));
        Assert.Contains("starts at zero cannot have a decoder with layer normalisation", exception.Message);
    }

    [TestMethod]
    public void AValueThatAnEnumerationHasNotIsNamedWithTheOption()
    {
        var message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options
        {
            TokenMixer = (TokenMixer)99,
            Model = { OtherMixer = (TokenMixer)98, Pooling = (TokenPooling)5, LocalMixing = (LocalMixing)9 },
        })).Message;
        Assert.Contains($"{Environment.NewLine}Model.OtherMixer must be one of {string.Join(", ", Enum.GetNames<TokenMixer>())}; it is 98.", message);
        Assert.Contains($"{Environment.NewLine}Model.Pooling must be one of Mean, Max; it is 5.", message);
        Assert.Contains($"{Environment.NewLine}Model.LocalMixing must be one of None, BeforeProjection, OnValues; it is 9.", message);
        Assert.StartsWith("TokenMixer must be one of ", message);
    }

    [TestMethod]
    public void WhatDependsOnTheSideOfTheImagesIsNotRefusedBeforeTheyAreSeen()
    {
        var shortSteps = new Options { Model = { PatchSize = 32 }, TokenMixer = TokenMixer.TttMlp, InnerLoop = { Steps = 9, MiniBatches = true } };
        Create(shortSteps);
        shortSteps.ImageSize = 64;
        Assert.Contains("InnerLoop.Steps is 9 and every step needs tokens of its own, but an image has 4 tokens.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(shortSteps)).Message);
        Create(new Options { Model = { PatchSize = 4096 } });
    }

    [TestMethod]
    public void TheInnerLoopIsNoMatterWhereNothingLearns() =>
        Create(new Options { ImageSize = 8, Model = { PatchSize = 8 }, TokenMixer = TokenMixer.SoftmaxAttention, InnerLoop = { Steps = 16, MiniBatches = true } });

    [TestMethod]
    public void APartOfTheOptionsThatIsNullIsRefusedByName() =>
        Assert.StartsWith($"InnerLoop must not be null.{Environment.NewLine}Recipe must not be null.{Environment.NewLine}Epoch must be in [1, 100000]; it is 0.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options { InnerLoop = null!, Recipe = null!, Epoch = 0 })).Message);

    [TestMethod]
    public void AnImageSizeOutOfRangeIsNamedOnceWithTheOtherViolations()
    {
        var message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options { ImageSize = 5000, Model = { Width = 0 } })).Message;
        Assert.AreEqual(1, message.Split("ImageSize must be").Length - 1, message);
        Assert.Contains("ImageSize must be in [8, 4096]; it is 5000.", message);
        Assert.Contains("Model.Width must be in [1, 65536]; it is 0.", message);
    }

    [TestMethod]
    public void SameColumnTwiceIsRefused()
    {
        var trainers = _context.MulticlassClassification.Trainers;
        Assert.Contains("LabelColumnName and FeatureColumnName must be different columns; all are 'A'.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.TTTImageClassification("A", "A")).Message);
    }

    [TestMethod]
    public void ATrainerNeverWritesToItsOptionsAndDoesNotSeeLaterChanges()
    {
        var blocks = new List<int> { 0 };
        var options = DrawnImages.SmallOptions(options => (options.Model.MixerBlocks, options.Seed, options.Epoch) = (blocks, null, 1));
        var before = Describe(options);
        var trainer = Create(options);
        options.Epoch = -5;
        blocks.Add(9);
        using (trainer.Fit(DrawnImages.Keyed(_context, DrawnImages.Pictures(20))))
        {
            options.Epoch = 1;
            blocks.RemoveAt(1);
            Assert.AreEqual(before, Describe(options));
        }
    }

    [TestMethod]
    public void EarlyStoppingTakesTheArgumentsOfTheVisionTrainer()
    {
        var criteria = new TTTImageClassificationTrainer.EarlyStopping(minDelta: -0.5f, patience: 3, metric: TTTImageClassificationTrainer.EarlyStoppingMetric.Loss, checkIncreasing: true);
        Assert.AreEqual(0.5f, criteria.MinDelta);
        Assert.AreEqual(3, criteria.Patience);
        Assert.IsFalse(criteria.CheckIncreasing);
        var standard = new TTTImageClassificationTrainer.EarlyStopping();
        Assert.AreEqual((0.01f, 20, true), (standard.MinDelta, standard.Patience, standard.CheckIncreasing));
    }

    private TTTImageClassificationTrainer Create(Options options) => _context.MulticlassClassification.Trainers.TTTImageClassification(options);

    private static string Describe(Options options) =>
        string.Join("; ", ((object[])[options, options.Model, options.InnerLoop, options.Recipe])
            .SelectMany(part => part.GetType().GetProperties().Select(property => $"{property.Name}: {property.GetValue(part)}"))) + string.Join(",", options.Model.MixerBlocks ?? []);
}
