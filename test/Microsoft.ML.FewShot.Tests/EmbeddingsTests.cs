using MLExtensions.Testing;
using Microsoft.ML.Data;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class EmbeddingsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    public void VectorsOfAnyLengthAreToldApart(int shots)
    {
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
        Assert.AreEqual(FewShotMethod.RidgeRegression, generator.Method);
        Assert.AreEqual(0, generator.FeatureLength);
        Assert.AreEqual(0, generator.ImageSize);
        var rows = FeatureRow.Draw(Symbols.MaxWays, 12);
        using var classifier = generator.CreateClassifier(context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 12 < shots)));
        Assert.AreEqual(FeatureRow.Length, classifier.FeatureLength);
        FeatureRow[] queries = [.. rows.Where((_, i) => i % 12 >= shots)];
        var answers = classifier.Transform(context.Data.LoadFromEnumerable(queries)).GetColumn<uint>("PredictedLabel").ToArray();
        Assert.IsTrue(answers.Zip(queries).All(pair => pair.First == pair.Second.Label + 1));

        Longer[] longer = [.. rows.Select(row => new Longer { Label = row.Label, Features = [.. row.Features, .. row.Features] })];
        using var other = generator.CreateClassifier(context.Data.LoadFromEnumerable(longer));
        Assert.AreEqual(2 * FeatureRow.Length, other.FeatureLength);
    }

    // Squares of such numbers are beyond float32, or 0.
    [TestMethod]
    [DataRow(1e20f)]
    [DataRow(1e37f)]
    [DataRow(1e-15f)]
    [DataRow(1e-30f)]
    public void TheLengthOfAVectorIsNothingToIt(float factor)
    {
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
        var rows = FeatureRow.Draw(Symbols.MaxWays, 4);
        FeatureRow[] longer = [.. rows.Select(row => new FeatureRow { Label = row.Label, Features = [.. row.Features.Select(value => value * factor)] })];
        using var classifier = generator.CreateClassifier(context.Data.LoadFromEnumerable(rows));
        using var ofLonger = generator.CreateClassifier(context.Data.LoadFromEnumerable(longer));
        var expected = Scores(classifier, rows);
        foreach (var actual in new[] { Scores(classifier, longer), Scores(ofLonger, rows) })
        {
            ScoreAssert.AreClose(expected, actual, 1e-4f);
        }

        float[][] Scores(FewShotClassifier model, FeatureRow[] queries) => [.. model.Transform(context.Data.LoadFromEnumerable(queries)).GetColumn<float[]>("Score")];
    }

    [TestMethod]
    public void ReloadedItGivesTheSameBits()
    {
        var context = new MLContext();
        using var folder = new TemporaryFolder();
        var data = context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 6));
        using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
        using var classifier = generator.CreateClassifier(data);
        var expected = Symbols.Bits(classifier.Transform(data));
        var (first, second) = (Path.Combine(folder.Path, "generator.zip"), Path.Combine(folder.Path, "classifier.zip"));
        context.Model.Save(generator, data.Schema, first);
        context.Model.Save(classifier, data.Schema, second);
        using var again = (FewShotHyperTransformer)new MLContext().Model.Load(first, out _);
        using var made = again.CreateClassifier(data);
        Assert.AreEqual(expected, Symbols.Bits(made.Transform(data)));
        Assert.AreEqual(expected, Symbols.Bits(new MLContext().Model.Load(second, out _).Transform(data)));
    }

    [TestMethod]
    public void TheSupportSetChoosesItAsItChoosesGeneratorsOfImages()
    {
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrainedFor(context, context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 2)));
        Assert.AreEqual(FewShotMethod.RidgeRegression, generator.Method);
        Assert.AreEqual(0, generator.ImageSize);
    }

    [TestMethod]
    public void ItRejectsWhatIsFarFromItsClass()
    {
        var context = new MLContext();
        Named[] rows = [.. FeatureRow.Draw(2, 10).Select(row => new Named { Name = $"{row.Label}", Features = row.Features })];
        using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
        using var classifier = generator.CreateClassifier(context.Data.LoadFromEnumerable(rows[..10]), Symbols.Named(options => options.RejectUnknown = true));
        var answers = classifier.Transform(context.Data.LoadFromEnumerable(rows)).GetColumn<uint>("PredictedLabel").ToArray();
        Assert.IsTrue(answers[10..].All(answer => answer == 0), "the other class");
        Assert.IsGreaterThanOrEqualTo(8, answers[..10].Count(answer => answer == 1));
    }

    [TestMethod]
    public void ItIsMeasuredBesideOtherMethodsOnTheSameEmbedding()
    {
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
        var data = context.Data.LoadFromEnumerable(FeatureRow.Draw(6, 20));
        var results = context.MulticlassClassification.EvaluateFewShot(generator, data, new FewShotEvaluationOptions
        {
            Ways = 4,
            Shots = 2,
            Tasks = 20,
            UnknownWays = 2,
            Baselines = [FewShotMethod.PrototypicalNetwork, FewShotMethod.SoftKMeans, FewShotMethod.LogisticRegression],
        });
        Assert.HasCount(4, results);
        Assert.IsTrue(results.All(result => result.Accuracy > 0.9), string.Join(Environment.NewLine, results));
    }

    [TestMethod]
    public void NothingIsLeftBehind()
    {
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 4));
        TensorLedger.Leaves(0, () =>
        {
            using var generator = FewShotHyperTransformer.LoadPretrained(context, PretrainedGenerator.Embeddings);
            using var classifier = generator.CreateClassifier(data);
            Symbols.Bits(classifier.Transform(data));
        });
    }

    private sealed class Named
    {
        public string Name { get; set; } = "";

        [VectorType(FeatureRow.Length)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Longer
    {
        [KeyType(Symbols.MaxWays)]
        public uint Label { get; set; }

        [VectorType(2 * FeatureRow.Length)]
        public float[] Features { get; set; } = [];
    }
}
