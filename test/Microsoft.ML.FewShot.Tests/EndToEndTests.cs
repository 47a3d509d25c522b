using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class EndToEndTests
{
    private static readonly MLContext Context = new(seed: 1);
    private static FewShotHyperTransformer? _generator;

    private static FewShotHyperTransformer Generator => _generator ??= Symbols.Trainer(Context, options => (options.Effort, options.Channels) = (0.05f, 8))
        .Fit(Symbols.Keyed(Context, Symbols.Draw(40, 6)));

    [ClassCleanup]
    public static void FreeModel() => _generator?.Dispose();

    [TestMethod]
    public void NewSymbolsAreRecognisedFromTwoDrawingsOfEachThroughAPipeline()
    {
        var rows = Symbols.Draw(5, 12, seed: 7);
        var support = Context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 12 < 2));
        Symbols.Symbol[] queries = [.. rows.Where((_, i) => i % 12 >= 2)];
        var pipeline = Context.Transforms.Conversion.MapValueToKey("Label", nameof(Symbols.Symbol.Name))
            .Append(Context.MulticlassClassification.Trainers.FewShotClassifier(Generator))
            .Append(Context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(support);
        var metrics = Context.MulticlassClassification.Evaluate(model.Transform(Context.Data.LoadFromEnumerable(queries)));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);

        using var folder = new TemporaryFolder();
        Context.Model.Save(model, support.Schema, folder["model.zip"]);
        Assert.IsLessThan(60_000, new FileInfo(folder["model.zip"]).Length);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        using var engine = Context.Model.CreatePredictionEngine<Symbols.Symbol, Symbols.Prediction>(loaded);
        Assert.IsGreaterThan(45, queries.Count(query => engine.Predict(query).PredictedLabel == query.Name));
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void AClassIsAddedToAClassifierThatKeptItsSupport()
    {
        var rows = Symbols.Draw(5, 8, seed: 7);
        IDataView View(Func<int, bool> isWanted, bool isQuery) =>
            Context.Data.LoadFromEnumerable(rows.Where((_, i) => isWanted(i / 8) && i % 8 < 2 != isQuery));

        using var four = Generator.CreateClassifier(View(number => number < 4, false), Symbols.Named(options => options.KeepSupport = true));
        Assert.AreEqual(8 * 16 * 16, four.SupportBytes);
        var loaded = (FewShotClassifier)new MLContext().Model.Load(new MemoryStream(TrainedModel.Save(four, View(_ => true, false).Schema)), out _);
        Assert.IsTrue(loaded.KeepsSupport);

        using var five = loaded.AddExamples(Generator, View(number => number == 4, false));
        loaded.Dispose();
        using var atOnce = Generator.CreateClassifier(View(_ => true, false), Symbols.Named());
        CollectionAssert.AreEqual(atOnce.Classes.ToArray(), five.Classes.ToArray());
        Assert.AreEqual(Symbols.Bits(atOnce.Transform(View(_ => true, true))), Symbols.Bits(five.Transform(View(_ => true, true))));
        Assert.IsFalse(atOnce.KeepsSupport);
        Assert.AreEqual(0, atOnce.SupportBytes);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => atOnce.AddExamples(Generator, View(_ => true, false))).Message, "KeepSupport");
    }

    [TestMethod]
    public void AnEvaluationComparesMethodsOnTheSameTasks()
    {
        var data = Symbols.Keyed(Context, Symbols.Draw(12, 8, seed: 9));
        var done = new List<int>();
        var options = new FewShotEvaluationOptions
        {
            Ways = 5,
            Tasks = 20,
            Baselines = [FewShotMethod.PrototypicalNetwork, FewShotMethod.LogisticRegression],
            Progress = done.Add,
        };
        var results = Context.MulticlassClassification.EvaluateFewShot(Generator, data, options);
        CollectionAssert.AreEqual(new[] { FewShotMethod.HyperTransformer, FewShotMethod.PrototypicalNetwork, FewShotMethod.LogisticRegression }, results.Select(result => result.Method).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(1, 60).ToArray(), done);
        Assert.IsTrue(results.All(result => result.Accuracy is > 0.7 and <= 1 && result.ConfidenceHalfWidth95 is >= 0 and < 0.2 && result.Tasks == 20));
        Assert.AreEqual(results[1].Accuracy - results[0].Accuracy, results[1].Difference, 1e-12);
        Assert.AreEqual(0, results[0].Difference);

        var again = Context.MulticlassClassification.EvaluateFewShot(Generator, data, options);
        Assert.AreEqual(results[0].Accuracy, again[0].Accuracy);
        options.IsTransductive = true;
        Assert.IsTrue(Context.MulticlassClassification.EvaluateFewShot(Generator, data, options).All(result => result.IsTransductive));
    }

    [TestMethod]
    public void FeaturesAreClassifiedFromTwoVectorsOfEachClass()
    {
        using var generator = Symbols.Trainer(Context, options => options.Model.HiddenWidth = 8).Fit(Context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 6)));
        var rows = FeatureRow.Draw(Symbols.MaxWays, 10, seed: 4);
        using var classifier = generator.CreateClassifier(Context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 10 < 2)));
        var queries = Context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 10 >= 2));
        var metrics = Context.MulticlassClassification.Evaluate(classifier.Transform(queries));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.AreEqual(FeatureRow.Length, classifier.FeatureLength);
    }
}
