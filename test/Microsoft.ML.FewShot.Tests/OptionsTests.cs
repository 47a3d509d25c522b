using Options = Microsoft.ML.FewShot.FewShotHyperTransformerTrainer.Options;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class OptionsTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void DefaultsAreTheDocumentedOnes()
    {
        var options = new Options();
        Assert.AreEqual(("Label", "Features", "Score", "PredictedLabel"),
            (options.LabelColumnName, options.FeatureColumnName, options.ScoreColumnName, options.PredictedLabelColumnName));
        Assert.IsNull(options.GroupColumnName);
        Assert.IsNull(options.CandidatesColumnName);
        Assert.AreEqual((28, 64, 0, 0), (options.ImageSize, options.Channels, options.Model.GeneratedConvolutions, options.Model.HiddenWidth));
        Assert.AreEqual((20, 1, 5, 4), (options.MaxWays, options.Episodes.MinShots, options.MaxShots, options.MaxUnlabeled));
        Assert.AreEqual((FewShotMethod.HyperTransformer, FewShotDesign.Prototype, FewShotInput.Automatic), (options.Method, options.Model.Design, options.Input));
        Assert.AreEqual((1f, 0.05f, 0.5f, 0f), (options.Effort, options.ValidationClassFraction, options.Episodes.AffineVariation, options.Episodes.StrokeVariation));
        Assert.AreEqual(2, options.Model.EncoderHeads);
        foreach (var part in Parts(options))
        {
            foreach (var property in part.GetType().GetProperties().Where(property => Nullable.GetUnderlyingType(property.PropertyType) is not null))
            {
                Assert.IsNull(property.GetValue(part), property.Name);
            }
        }

        Create(options);
    }

    [TestMethod]
    public void DefaultsOfEvaluationsAndClassifiersAreTheDocumentedOnes()
    {
        var tasks = new FewShotEvaluationOptions();
        Assert.AreEqual((20, 1, 0, 5, 600, 0), (tasks.Ways, tasks.Shots, tasks.Unlabeled, tasks.Queries, tasks.Tasks, tasks.Seed));
        Assert.IsFalse(tasks.IsTransductive || tasks.WithinGroup);
        Assert.IsEmpty(tasks.Baselines);
        var classifier = new FewShotClassifierOptions();
        Assert.AreEqual(("Label", "Features", "Score", "PredictedLabel"),
            (classifier.LabelColumnName, classifier.FeatureColumnName, classifier.ScoreColumnName, classifier.PredictedLabelColumnName));
        Assert.IsFalse(classifier.KeepSupport);
        Assert.IsNull(classifier.Method);
        Assert.AreEqual((false, 0.05, "KnownScore"), (classifier.RejectUnknown, classifier.FalseRejectionRate, classifier.KnownScoreColumnName));
        Assert.AreEqual(0, tasks.UnknownWays);
    }

    [TestMethod]
    public void AllViolationsStandInOneMessage()
    {
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options
        {
            LabelColumnName = "",
            ScoreColumnName = "Out",
            PredictedLabelColumnName = "Out",
            GroupColumnName = " ",
            MaxWays = 1,
            MaxShots = 2,
            Channels = 0,
            Effort = float.NaN,
            TrainTime = TimeSpan.Zero,
            ValidationClassFraction = 1,
            Model = { Design = (FewShotDesign)7, GeneratedConvolutions = 5 },
            Episodes = { MinWays = 5, MinShots = 3 },
            TestTimeAugmentation = { QueryCopies = 5 },
            EarlyStoppingCriteria = new(patience: 0),
            CheckpointPath = " ",
        }));
        string[] expected =
        [
            "LabelColumnName must be the name of a column; it is empty.",
            "GroupColumnName must be the name of a column; it is empty.",
            "ScoreColumnName and PredictedLabelColumnName must be different columns; all are 'Out'.",
            "MaxWays must be in [2, 1000]; it is 1.",
            "Episodes.MinWays must be in [2, 2]; it is 5.",
            "MaxShots must be in [3, 1000]; it is 2.",
            "Channels must be in [1, 512]; it is 0.",
            "TestTimeAugmentation.QueryCopies must be in [0, 4]; it is 5.",
            "Model.GeneratedConvolutions must be in [0, 4]; it is 5.",
            "Effort must be above 0 and at most 1000; it is NaN.",
            "TrainTime in seconds must be above 0 and at most 31536000; it is 0.",
            "ValidationClassFraction must be in [0, 0.5]; it is 1.",
            "Model.Design must be one of Prototype, Paper; it is 7.",
            "EarlyStoppingCriteria.Patience must be in [1, 2147483647]; it is 0.",
            "CheckpointPath must be the path of a file or null; it is empty.",
        ];
        foreach (var violation in expected)
        {
            Assert.Contains(violation, exception.Message);
        }
    }

    [TestMethod]
    public void AMissingPartIsNamed() => Assert.StartsWith("Model must not be null." + Environment.NewLine + "Episodes must not be null.",
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options { Model = null!, Episodes = null! })).Message);

    [TestMethod]
    public void AModelThatCannotBeIsRefusedBeforeAnyDataIsSeen() => Assert.Contains("EncoderWidth must be a multiple of EncoderHeads; 100 is no multiple of 3.",
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Create(new Options { Model = { EncoderWidth = 100, EncoderHeads = 3 } })).Message);

    [TestMethod]
    public void ColumnsOfOneNameAreRefused()
    {
        var trainers = _context.MulticlassClassification.Trainers;
        const string message = "LabelColumnName and FeatureColumnName must be different columns; all are 'A'.";
        Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.FewShotHyperTransformer("A", "A")).Message);
        Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainers.FewShotClassifier(TrainedModel.Generator, "A", "A")).Message);
        Assert.StartsWith("labelColumnName and featureColumnName must be different",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainedModel.Generator.WithColumns("A", "A")).Message);
    }

    [TestMethod]
    public void ATrainerNeverWritesToItsOptionsAndDoesNotSeeLaterChanges()
    {
        var options = Symbols.SmallOptions(options => options.Seed = null);
        var before = Describe(options);
        var trainer = Create(options);
        options.Channels = -5;
        options.Model.EncoderHeads = -5;
        using (trainer.Fit(Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 2))))
        {
            (options.Channels, options.Model.EncoderHeads) = (4, 2);
            Assert.AreEqual(before, Describe(options));
        }
    }

    private FewShotHyperTransformerTrainer Create(Options options) => _context.MulticlassClassification.Trainers.FewShotHyperTransformer(options);

    private static object[] Parts(Options options) => [options, options.Model, options.Episodes, options.TestTimeAugmentation];

    private static string Describe(Options options) => string.Join("; ", Parts(options)
        .SelectMany(part => part.GetType().GetProperties(), (part, property) => $"{property.Name}: {property.GetValue(part)}"));
}
