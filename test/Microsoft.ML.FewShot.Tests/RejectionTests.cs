using Microsoft.ML.Data;
using Microsoft.ML.FewShot.Classifiers;
using Microsoft.ML.FewShot.Tests.Training;
using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class RejectionTests
{
    private static MLContext Context => TrainedModel.Context;

    private static IDataView Own => Context.Data.LoadFromEnumerable(Symbols.Draw(4, 12, seed: 2));

    // Pictures of something else: noise.
    private static IDataView Others => Context.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(seed =>
    {
        var random = new Random(seed);
        return new Symbols.Symbol { Features = PngFile.Encode(28, 28, (_, _) => { var value = (byte)(random.Next(2) * 255); return (value, value, value); }) };
    }));

    [TestMethod]
    [DataRow(FewShotMethod.HyperTransformer)]
    [DataRow(FewShotMethod.LogisticRegression)]
    public void ARejectingClassifierKeepsTheContract(FewShotMethod method)
    {
        var data = Symbols.Keyed(Context, Symbols.Draw(4, 3, seed: 2));
        var estimator = Context.MulticlassClassification.Trainers.FewShotClassifier(
            TrainedModel.Generator, new FewShotClassifierOptions { RejectUnknown = true, KnownScoreColumnName = "Sure", Method = method });
        using var classifier = (FewShotClassifier)new EstimatorContract(Context, estimator).Check(data, [], rowTolerance: 0);
        Assert.IsTrue(classifier.RejectsUnknown);
        Assert.AreEqual(NumberDataViewType.Single, classifier.Transform(data).Schema["Sure"].Type);
    }

    [TestMethod]
    public void WithoutItNothingChanges()
    {
        using var plain = TrainedModel.Classifier();
        using var rejecting = Rejecting();
        Assert.IsFalse(plain.RejectsUnknown);
        CollectionAssert.AreEqual(new[] { "Score", "PredictedLabel" }, plain.Transform(Own).Schema.Select(column => column.Name).TakeLast(2).ToArray());
        CollectionAssert.AreEqual(new[] { "Score", "PredictedLabel", "KnownScore" }, rejecting.Transform(Own).Schema.Select(column => column.Name).TakeLast(3).ToArray());
        Assert.AreEqual(Symbols.Bits(plain.Transform(Own)), Symbols.Bits(rejecting.Transform(Own)));
    }

    [TestMethod]
    public void ARowIsRejectedExactlyWhereItsScoreIsBelowAHalf()
    {
        var symbols = Symbols.Draw(4, 12, seed: 2);
        using var classifier = TrainedModel.Generator.CreateClassifier(
            Context.Data.LoadFromEnumerable(symbols.Where((_, i) => i % 12 < 4)), Symbols.Named(options => options.RejectUnknown = true));
        var (own, others) = (Rows(classifier, Context.Data.LoadFromEnumerable(symbols.Where((_, i) => i % 12 >= 4))), Rows(classifier, Others));
        foreach (var row in own.Concat(others))
        {
            Assert.IsTrue(row.KnownScore is > 0 and <= 1);
            Assert.AreEqual(row.KnownScore < 0.5f ? 0u : (uint)Array.IndexOf(row.Score, row.Score.Max()) + 1, row.PredictedLabel);
            Assert.AreEqual(1f, row.Score.Sum(), 1e-5f);
        }

        Assert.IsLessThan(0.3, (double)own.Count(row => row.PredictedLabel == 0) / own.Length);
        Assert.IsTrue(others.All(row => row.PredictedLabel == 0));
    }

    [TestMethod]
    public void FewerFalseRejectionsAskedForAreALowerBar()
    {
        using var strict = Rejecting(change: options => options.FalseRejectionRate = 0.5);
        using var lenient = Rejecting(change: options => options.FalseRejectionRate = 0.01);
        foreach (var (high, low) in Rows(strict, Own).Zip(Rows(lenient, Own)))
        {
            Assert.IsLessThan(low.KnownScore, high.KnownScore);
        }
    }

    [TestMethod]
    public void ALoadedClassifierRejectsWithTheSameBits()
    {
        using var classifier = Rejecting();
        using var loaded = (FewShotClassifier)new MLContext().Model.Load(new MemoryStream(TrainedModel.Save(classifier, Own.Schema)), out _);
        Assert.IsTrue(loaded.RejectsUnknown);
        CollectionAssert.AreEqual(Known(classifier), Known(loaded));
        using var engine = Context.Model.CreatePredictionEngine<Symbols.Symbol, Row>(loaded);
        CollectionAssert.AreEqual(Known(classifier), Symbols.Draw(4, 12, seed: 2).Select(row => engine.Predict(row).KnownScore).ToArray());
    }

    [TestMethod]
    public void OneClassIsEnoughAndEverythingIsThatOrNothing()
    {
        using var classifier = Rejecting(symbols: 1, each: 4);
        CollectionAssert.AreEqual(new[] { "symbol 0" }, classifier.Classes.ToArray());
        Assert.IsTrue(Rows(classifier, Others).All(row => row is { PredictedLabel: 0, Score: [1f] }));
        Assert.IsGreaterThan(6, Rows(classifier, Own).Take(12).Count(row => row.PredictedLabel == 1));
        using var loaded = (FewShotClassifier)new MLContext().Model.Load(new MemoryStream(TrainedModel.Save(classifier, Own.Schema)), out _);
        CollectionAssert.AreEqual(Known(classifier), Known(loaded));

        // With a key of one class too, and not without being asked to reject.
        var keyed = Symbols.Keyed(Context, Symbols.Draw(1, 3, seed: 2));
        using var fromKey = TrainedModel.Generator.CreateClassifier(keyed, new FewShotClassifierOptions { RejectUnknown = true });
        Assert.HasCount(1, fromKey.Classes);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TrainedModel.Generator.CreateClassifier(keyed));
    }

    [TestMethod]
    [DataRow(FewShotMethod.PrototypicalNetwork)]
    [DataRow(FewShotMethod.SoftKMeans)]
    [DataRow(FewShotMethod.LogisticRegression)]
    public void OneClassGoesWithEveryMethodOnTheEmbedding(FewShotMethod method)
    {
        using var classifier = Rejecting(symbols: 1, each: 3, change: options => options.Method = method);
        Assert.IsTrue(Rows(classifier, Own).All(row => row.Score is [1f]));
    }

    [TestMethod]
    public void ARowThatCannotBeReadHasNoScoreAndNoLabel()
    {
        using var classifier = Rejecting();
        var row = Rows(classifier, Context.Data.LoadFromEnumerable([new Symbols.Symbol()])).Single();
        Assert.IsTrue(float.IsNaN(row.KnownScore) && row.PredictedLabel == 0 && row.Score.All(float.IsNaN));
    }

    [TestMethod]
    public void EvaluatorsMeasureTheProbabilitiesAsBefore()
    {
        var data = Symbols.Keyed(Context, Symbols.Draw(4, 6, seed: 2));
        using var classifier = TrainedModel.Generator.CreateClassifier(data, new FewShotClassifierOptions { RejectUnknown = true });
        var metrics = Context.MulticlassClassification.Evaluate(classifier.Transform(data));
        Assert.IsGreaterThan(0.5, metrics.MicroAccuracy);
        Assert.IsTrue(double.IsFinite(metrics.LogLoss));
    }

    [TestMethod]
    public void AddedExamplesKeepRejecting()
    {
        using var classifier = Rejecting(symbols: 3, change: options => (options.KeepSupport, options.FalseRejectionRate) = (true, 0.2));
        using var loaded = (FewShotClassifier)Context.Model.Load(new MemoryStream(TrainedModel.Save(classifier, Own.Schema)), out _);
        using var larger = loaded.AddExamples(TrainedModel.Generator, Context.Data.LoadFromEnumerable(Symbols.Draw(4, 2, seed: 2).Skip(6)));
        using var whole = Rejecting(symbols: 4, change: options => options.FalseRejectionRate = 0.2);
        Assert.IsTrue(larger.RejectsUnknown);
        CollectionAssert.AreEqual(Known(whole), Known(larger));
    }

    [TestMethod]
    public void OneExampleOfEachClassNeedsAGeneratorThatKnowsHowFarExamplesLie()
    {
        using var one = Rejecting(each: 1);
        Assert.IsTrue(Rows(one, Others).All(row => row.PredictedLabel == 0));
        using var older = GoldenGenerator();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => older.CreateClassifier(Support(4, 1), Symbols.Named(options => options.RejectUnknown = true)));
        StringAssert.Contains(error.Message, "RejectUnknown needs a class with at least 2 examples here");
        using var two = older.CreateClassifier(Support(4, 2), Symbols.Named(options => options.RejectUnknown = true));
        Assert.IsTrue(two.RejectsUnknown);
    }

    [TestMethod]
    public void AGeneratorKeepsHowFarExamplesLie()
    {
        using var loaded = (FewShotHyperTransformer)new MLContext().Model.Load(new MemoryStream(TrainedModel.Save(TrainedModel.Generator, Own.Schema)), out _);
        CollectionAssert.AreEqual(TrainedModel.Generator.Network.Spread!.ToArray(), loaded.Network.Spread!.ToArray());
        Assert.IsTrue(TrainedModel.Generator.Network.Spread!.All(u => u >= 0));
        using var pretrained = FewShotHyperTransformer.LoadPretrained(new MLContext());
        Assert.HasCount(100, pretrained.Network.Spread!);
    }

    [TestMethod]
    public void TwoClassesOfTwoExamplesSayHowFarExamplesLie()
    {
        var network = TrainedModel.Generator.Network;
        var spread = KnownSpread.Measure(network, DrawnSymbols.Create(2, 2, seed: 1), seed: 1)!;
        Assert.HasCount(100, spread);
        CollectionAssert.AreEqual(spread.Order().ToArray(), spread.ToArray());
        Assert.IsNull(KnownSpread.Measure(network, DrawnSymbols.Create(1, 2, seed: 1), seed: 1));
        Assert.IsNull(KnownSpread.Measure(network, DrawnSymbols.Create(3, 1, seed: 1), seed: 1));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void AShareOfFalseRejectionsOutOfRangeIsRefused(double rate)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rejecting(change: options => options.FalseRejectionRate = rate));
        StringAssert.Contains(error.Message, "FalseRejectionRate must be above 0 and below 1");
        using var ignored = TrainedModel.Classifier(change: options => options.FalseRejectionRate = rate);
        Assert.IsFalse(ignored.RejectsUnknown);
    }

    [TestMethod]
    public void TheColumnOfKnownScoresMustHaveANameOfItsOwn()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rejecting(change: options => options.KnownScoreColumnName = "Score"));
        StringAssert.Contains(error.Message, "KnownScoreColumnName");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rejecting(change: options => options.KnownScoreColumnName = ""));
    }

    [TestMethod]
    public void TheKnownScoreIsAnOutputOfOnnxFiles()
    {
        using var classifier = Rejecting(each: 3);
        using var runtime = new OnnxRunner();
        var pool = DrawnSymbols.Create(4, 12, 2);
        byte[] planes = [.. pool.Classes.SelectMany(one => one.Examples).SelectMany(example => pool.Image(example).ToArray())];
        var (probabilities, known) = runtime.RunRejecting(classifier, planes, 1, DrawnSymbols.Side);
        OnnxRunner.AreAlike(classifier.Transform(Own).GetColumn<float[]>("Score").ToArray(), probabilities);
        ScoreAssert.AreClose([Known(classifier)], [known], 1e-4f);
    }

    [TestMethod]
    public void ClassifiersOfVectorsRejectToo()
    {
        var context = new MLContext(seed: 1);
        var data = context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 6));
        using var generator = Symbols.Trainer(context).Fit(data);
        using var classifier = generator.CreateClassifier(data, new FewShotClassifierOptions { RejectUnknown = true });
        var known = classifier.Transform(data).GetColumn<float>("KnownScore").ToArray();
        Assert.IsLessThan(0.3, (double)known.Count(score => score < 0.5f) / known.Length);
        var far = context.Data.LoadFromEnumerable([new FeatureRow { Features = [.. Enumerable.Repeat(-30f, FeatureRow.Length)] }]);
        Assert.AreEqual(0u, classifier.Transform(far).GetColumn<uint>("PredictedLabel").Single());
        using var runtime = new OnnxRunner();
        var rows = FeatureRow.Draw(Symbols.MaxWays, 6).SelectMany(row => row.Features).ToArray();
        ScoreAssert.AreClose([known], [runtime.RunRejecting(classifier, null, 1, FeatureRow.Length, rows).Known], 1e-4f);
    }

    // Saved by a version that did not measure it.
    private static FewShotHyperTransformer GoldenGenerator() =>
        (FewShotHyperTransformer)new MLContext().Model.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "prototype-4.generator.zip"), out _);

    private static IDataView Support(int symbols, int each) => Context.Data.LoadFromEnumerable(Symbols.Draw(symbols, each, seed: 2));

    private static FewShotClassifier Rejecting(int symbols = 4, int each = 2, Action<FewShotClassifierOptions>? change = null) =>
        TrainedModel.Classifier(symbols, each, options =>
        {
            options.RejectUnknown = true;
            change?.Invoke(options);
        });

    private static float[] Known(FewShotClassifier classifier) => [.. classifier.Transform(Own).GetColumn<float>("KnownScore")];

    private static Row[] Rows(FewShotClassifier classifier, IDataView data) => [.. Context.Data.CreateEnumerable<Row>(classifier.Transform(data), reuseRowObject: false)];

    private sealed class Row
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }

        public float KnownScore { get; set; }
    }
}
