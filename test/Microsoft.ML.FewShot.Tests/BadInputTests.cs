using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class BadInputTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void TooFewClassesAreRefusedWithBothNumbers()
    {
        var trainer = Symbols.Trainer(_context, options => (options.MaxWays, options.Episodes.MinShots, options.MaxShots) = (20, 5, 5));
        Symbols.Symbol[] rows = [.. Symbols.Draw(14, 6), .. Symbols.Draw(30, 3).Skip(14 * 3)];
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(Symbols.Keyed(_context, rows)));
        Assert.StartsWith("20-way needs 20 classes with at least 6 images; the data has 14 such classes.", exception.Message);

        exception = Assert.ThrowsExactly<InvalidOperationException>(() => _context.MulticlassClassification.EvaluateFewShot(
            TrainedModel.Generator, Symbols.Keyed(_context, rows.Take(5 * 6)), new FewShotEvaluationOptions { Ways = 6, Tasks = 2 }));
        Assert.StartsWith("6-way needs 6 classes with at least 6 images; the data has 5 such classes", exception.Message);
    }

    [TestMethod]
    public void ClassesHeldOutAreCountedOff()
    {
        var trainer = Symbols.Trainer(_context, options => options.ValidationClassFraction = 0.3f);
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(Symbols.Keyed(_context, Symbols.Draw(7, 2))));
        Assert.StartsWith("6-way needs 6 classes with at least 2 images; the data has 5 such classes after 2 were held out for validation (ValidationClassFraction).", exception.Message);
    }

    [TestMethod]
    public void SupportWithoutAnyLabelIsRefused() => Refused(
        "The support set has no labels: column 'Name' is missing in all 4 rows. At least one row of each class needs a label.", [.. Symbols.Draw(2, 2).Select(row => row.Unnamed())]);

    [TestMethod]
    public void AnEmptySupportSetIsRefused() => Refused("The support set is empty.", []);

    [TestMethod]
    public void SupportWithoutAnyGoodImageIsRefused()
    {
        var rows = Symbols.Draw(2, 1);
        Array.ForEach(rows, row => row.Features = [1, 2, 3]);
        Refused("The support set has no row that can be read; 2 rows were left out. First: row 0: 3 bytes are not an image", rows);
    }

    [TestMethod]
    public void SupportOfOneClassIsRefusedAndTheClassIsNamed() => Refused(
        "The support set has rows of one class only in column 'Name', 'symbol 0'; at least 2 classes are needed, or RejectUnknown for one.", Symbols.Draw(1, 3));

    [TestMethod]
    public void MoreWaysThanTrainedAreRefused() => Refused(
        "The support set has 7 classes in column 'Name'; this model was trained for at most 6 (MaxWays).", Symbols.Draw(7, 1));

    [TestMethod]
    public void AnEmptyClassIsRefusedByName()
    {
        var keys = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(_context.Data.LoadFromEnumerable(Symbols.Draw(3, 1)));
        var support = keys.Transform(_context.Data.LoadFromEnumerable(Symbols.Draw(2, 1)));
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => TrainedModel.Generator.CreateClassifier(support));
        Assert.StartsWith("The class 'symbol 2' of column 'Label' has no row that can be read in the support set.", exception.Message);
    }

    [TestMethod]
    public void BadImagesOfASupportSetAreCountedInOneWarning()
    {
        var rows = Symbols.Draw(3, 3);
        rows[0].Features = [];
        rows[4].Features = [1, 2, 3];
        var warnings = Warnings(rows, Symbols.Named());
        Assert.HasCount(1, warnings);
        Assert.StartsWith("2 support row(s) are left out: column 'Features' has no image that can be read.", warnings[0]);
    }

    [TestMethod]
    public void ACandidateThatIsNoRowsLabelIsWarnedOf()
    {
        var rows = Symbols.Draw(3, 3);
        (rows[0].Name, rows[0].Candidates) = ("", [Symbols.NameOf(0), Symbols.NameOf(1)]);
        var options = Symbols.Named();
        options.CandidatesColumnName = nameof(Symbols.Symbol.Candidates);
        CollectionAssert.AreEqual(Array.Empty<string>(), Warnings(rows, options));
        rows[0].Candidates = [Symbols.NameOf(0), "symbl 1"];
        CollectionAssert.AreEqual(new[] { "No row has the label 'symbl 1', which is among candidates only." }, Warnings(rows, options));
    }

    private static List<string> Warnings(Symbols.Symbol[] support, FewShotClassifierOptions options)
    {
        var warnings = new List<string>();
        TrainedModel.Context.Log += Listen;
        TrainedModel.Generator.CreateClassifier(TrainedModel.Context.Data.LoadFromEnumerable(support), options).Dispose();
        TrainedModel.Context.Log -= Listen;
        return warnings;

        void Listen(object? sender, LoggingEventArgs log)
        {
            if (log.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(log.RawMessage);
            }
        }
    }

    [TestMethod]
    public void ImagesAndFeaturesOfAnotherSizeAreRefusedWithBothSizes()
    {
        var pixels = _context.Data.LoadFromEnumerable([new Pixels()]);
        Assert.StartsWith("The feature column 'Features' has pixels of 8 x 8 images; the model takes 16 x 16.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainedModel.Generator.CreateClassifier(pixels, Symbols.Named())).Message);

        using var generator = Symbols.Trainer(_context).Fit(_context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 2)));
        using var classifier = generator.CreateClassifier(_context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 1)));
        var longer = _context.Data.LoadFromEnumerable([new LongVector()]);
        foreach (var door in new Action[] { () => generator.CreateClassifier(longer, Symbols.Named()), () => classifier.Transform(longer) })
        {
            Assert.StartsWith("The feature column 'Features' has vectors of length 13; the model takes vectors of length 12.",
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(door).Message);
        }
    }

    [TestMethod]
    public void ATaskWithoutLabelsIsNamed()
    {
        var rows = Symbols.Draw(2, 2);
        Array.ForEach(rows, row => row.Task = "first");
        var stranger = Symbols.Draw(1, 1)[0].Unnamed();
        stranger.Task = "second";
        using var generator = TrainedModel.Generator.WithColumns(groupColumnName: "Task");
        var scored = generator.Transform(Symbols.Keyed(TrainedModel.Context, [.. rows, stranger]));
        var exception = Assert.ThrowsExactly<InvalidOperationException>(() => Symbols.Bits(scored));
        Assert.StartsWith("The task 'second' of column 'Task' has no row with a label in column 'Label'", exception.Message);
    }

    [TestMethod]
    public void WaysThatNobodySetAreNoMoreThanTheModelCanHaveAndOthersAreRefused()
    {
        var data = Symbols.Keyed(_context, Symbols.Draw(Symbols.MaxWays, 6));
        Assert.AreEqual(2, _context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, data, new FewShotEvaluationOptions { Tasks = 2 })[0].Tasks);
        Assert.AreEqual(20, new FewShotEvaluationOptions().Ways);
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, data, new FewShotEvaluationOptions { Ways = 20, Tasks = 2 }));
        Assert.StartsWith($"Ways must be at most {Symbols.MaxWays}, for which the model was trained (MaxWays); it is 20.", exception.Message);
    }

    [TestMethod]
    public void AMethodThatWasNotTrainedIsRefused()
    {
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainedModel.Classifier(change: options => options.Method = FewShotMethod.Maml));
        Assert.StartsWith("The method Maml cannot be used with a model that was trained with HyperTransformer", exception.Message);
        exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.MulticlassClassification.EvaluateFewShot(
            TrainedModel.Generator, Symbols.Keyed(_context, Symbols.Draw(2, 2)), new FewShotEvaluationOptions { Ways = 7, Shots = 0, Tasks = 1 }));
        Assert.Contains("Shots must be in [1, 10000]; it is 0.", exception.Message);
        Assert.Contains("Tasks must be in [2, 1000000]; it is 1.", exception.Message);
        exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.MulticlassClassification.EvaluateFewShot(
            TrainedModel.Generator, Symbols.Keyed(_context, Symbols.Draw(2, 2)), new FewShotEvaluationOptions { Baselines = null! }));
        Assert.StartsWith("Baselines must not be null.", exception.Message);
    }

    private static void Refused(string message, Symbols.Symbol[] rows)
    {
        var support = TrainedModel.Context.Data.LoadFromEnumerable(rows);
        Assert.StartsWith(message, Assert.ThrowsExactly<InvalidOperationException>(() => TrainedModel.Generator.CreateClassifier(support, Symbols.Named())).Message);
    }

    private sealed class Pixels
    {
        public string Name { get; set; } = "";

        [VectorType(3, 8, 8)]
        public float[] Features { get; set; } = new float[192];
    }

    private sealed class LongVector
    {
        public string Name { get; set; } = "";

        [VectorType(13)]
        public float[] Features { get; set; } = new float[13];
    }
}
