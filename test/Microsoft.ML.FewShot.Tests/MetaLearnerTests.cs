using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

/// <summary>Models that make classifiers in a way of their own, as users have them.</summary>
[TestClass]
public class MetaLearnerTests
{
    private static MLContext Context => TrainedModel.Context;

    [TestMethod]
    [DataRow(FewShotMethod.Maml)]
    [DataRow(FewShotMethod.LstmMetaLearner)]
    [DataRow(FewShotMethod.LgmNet)]
    public void ASavedModelAndItsClassifierScoreTheSameBits(FewShotMethod method)
    {
        using var folder = new TemporaryFolder();
        using var model = Symbols.Trainer(Context, options => (options.Method, options.Effort) = (method, 0.002f)).Fit(Symbols.Keyed(Context, Symbols.Draw(8, 4)));
        var rows = Context.Data.LoadFromEnumerable(Symbols.Draw(4, 4, seed: 2));
        using var classifier = model.CreateClassifier(rows, Symbols.Named());
        var expected = Symbols.Bits(classifier.Transform(rows));

        Context.Model.Save(model, rows.Schema, folder["model.zip"]);
        using var loaded = (FewShotHyperTransformer)Context.Model.Load(folder["model.zip"], out _);
        Assert.AreEqual(method, loaded.Method);
        using var again = loaded.CreateClassifier(rows, Symbols.Named());
        Assert.AreEqual(expected, Symbols.Bits(again.Transform(rows)));

        Context.Model.Save(classifier, rows.Schema, folder["classifier.zip"]);
        using var alone = (FewShotClassifier)Context.Model.Load(folder["classifier.zip"], out _);
        Assert.AreEqual(expected, Symbols.Bits(alone.Transform(rows)));
        Assert.Contains($"that was trained with {method}", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => model.CreateClassifier(rows, Symbols.Named(options => options.Method = FewShotMethod.SoftKMeans))).Message);
    }

    [TestMethod]
    [DataRow(FewShotMethod.LstmMetaLearner)]
    [DataRow(FewShotMethod.LgmNet)]
    public void ASeedGivesTheSameModelAgain(FewShotMethod method)
    {
        var rows = Context.Data.LoadFromEnumerable(Symbols.Draw(4, 4, seed: 2));
        string Scores()
        {
            using var model = Symbols.Trainer(Context, options => (options.Method, options.Effort) = (method, 0.002f)).Fit(Symbols.Keyed(Context, Symbols.Draw(8, 4)));
            using var classifier = model.CreateClassifier(rows, Symbols.Named());
            return Symbols.Bits(classifier.Transform(rows));
        }

        Assert.AreEqual(Scores(), Scores());
    }

    [TestMethod]
    public void OtherModelsSolveTheSameTasksEachWithItsOwnMethod()
    {
        var held = Symbols.Keyed(Context, Symbols.Draw(12, 6, seed: 9));
        using var lstm = Symbols.Trainer(Context, options => (options.Method, options.Effort) = (FewShotMethod.LstmMetaLearner, 0.002f)).Fit(Symbols.Keyed(Context, Symbols.Draw(8, 4)));
        using var lgm = Symbols.Trainer(Context, options => (options.Method, options.Effort) = (FewShotMethod.LgmNet, 0.002f)).Fit(Symbols.Keyed(Context, Symbols.Draw(8, 4)));
        var options = new FewShotEvaluationOptions { Ways = 5, Tasks = 8, Baselines = [FewShotMethod.PrototypicalNetwork] };
        var results = Context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, held, options, [lstm, lgm]);
        CollectionAssert.AreEqual(
            (FewShotMethod[])[FewShotMethod.HyperTransformer, FewShotMethod.PrototypicalNetwork, FewShotMethod.LstmMetaLearner, FewShotMethod.LgmNet], results.Select(result => result.Method).ToArray());
        foreach (var (model, result) in new[] { (lstm, results[2]), (lgm, results[3]) })
        {
            var alone = Context.MulticlassClassification.EvaluateFewShot(model, held, new FewShotEvaluationOptions { Ways = 5, Tasks = 8 })[0];
            Assert.AreEqual(alone.Accuracy, result.Accuracy);
            Assert.AreEqual(result.Accuracy - results[0].Accuracy, result.Difference, 1e-12);
        }

        options.Ways = 100;
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Context.MulticlassClassification.EvaluateFewShot(TrainedModel.Generator, held, options, [lstm, lgm]));
    }

    [TestMethod]
    [DataRow(FewShotMethod.LstmMetaLearner)]
    [DataRow(FewShotMethod.LgmNet)]
    public void TrainingLearns(FewShotMethod method)
    {
        using var model = Symbols.Trainer(Context, options => (options.Method, options.Effort) = (method, 0.1f))
            .Fit(Symbols.Keyed(Context, Symbols.Draw(20, 6)));
        var held = Symbols.Keyed(Context, Symbols.Draw(12, 6, seed: 9));
        var metrics = Context.MulticlassClassification.EvaluateFewShot(model, held, new FewShotEvaluationOptions { Ways = 5, Shots = 1, Tasks = 100 })[0];
        Assert.IsGreaterThan(0.4, metrics.Accuracy);
    }
}
