using MLExtensions.Testing;

namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class ExplanationTests
{
    private static MLContext Context => TrainedModel.Context;

    [TestMethod]
    public void ThePlacesAddUpToWhatTheProbabilitiesSay()
    {
        using var generator = FewShotHyperTransformer.LoadPretrained(Context);
        var rows = Context.Data.LoadFromEnumerable(Symbols.Draw(4, 3, seed: 3));
        using var classifier = generator.CreateClassifier(rows, Symbols.Named());
        for (var index = 0; index < 4; index++)
        {
            // What a picture of the mean grey says is the same for all.
            var averages = Explain(classifier, rows, classifier.Classes[index]).Select(row => Advantage(row, index) - row.FeatureContributions.Sum()).ToArray();
            Assert.HasCount(12, averages);
            Assert.AreEqual(averages.Min(), averages.Max(), 1e-4 * Math.Abs(averages[0]));
        }
    }

    [TestMethod]
    public void TheBlankHalfOfADrawingSaysLittle()
    {
        using var generator = FewShotHyperTransformer.LoadPretrained(Context);
        var rows = new[] { Half(isUpright: true), Half(isUpright: false) };
        using var classifier = generator.CreateClassifier(Context.Data.LoadFromEnumerable(rows), Symbols.Named());
        foreach (var row in Explain(classifier, Context.Data.LoadFromEnumerable(rows)))
        {
            // 7 x 7 places, which see most of the drawing each; the stroke is in the first three columns.
            double Sum(Func<int, bool> isCounted) => row.FeatureContributions.Where((_, place) => isCounted(place % 7)).Sum(Math.Abs);
            Assert.IsGreaterThan(2 * Sum(column => column > 4), Sum(column => column < 3));
        }
    }

    [TestMethod]
    public void ARowWithoutAnImageHasNumbersOfNoMeaningAndFeatureVectorsAreRefused()
    {
        using var classifier = TrainedModel.Classifier();
        var maps = Explain(classifier, Context.Data.LoadFromEnumerable<Symbols.Symbol>([new() { Features = [1, 2] }, Symbols.Draw(1, 1)[0]]));
        Assert.IsTrue(maps[0].FeatureContributions.All(float.IsNaN) && maps[1].FeatureContributions.All(float.IsFinite));

        var data = Context.Data.LoadFromEnumerable(FeatureRow.Draw(Symbols.MaxWays, 2));
        using var generator = Symbols.Trainer(Context).Fit(data);
        using var ofVectors = generator.CreateClassifier(data);
        var exception = Assert.ThrowsExactly<NotSupportedException>(() => Context.Model.Explain(ofVectors, data));
        Assert.Contains("feature vectors of length 12", exception.Message);
    }

    private static Symbols.Symbol Half(bool isUpright) => new()
    {
        Name = isUpright ? "upright" : "level",
        Features = PngFile.Encode(28, 28, (x, y) => (isUpright ? x is >= 4 and < 7 && y is > 4 and < 24 : y is >= 13 and < 16 && x is > 1 and < 10) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255)),
    };

    private static Explained[] Explain(FewShotClassifier classifier, IDataView data, string? className = null) =>
        [.. Context.Data.CreateEnumerable<Explained>(Context.Model.Explain(classifier, data, className), reuseRowObject: false)];

    private static double Advantage(Explained row, int index) => Math.Log(row.Score[index]) - row.Score.Average(probability => Math.Log(probability));

    private sealed class Explained
    {
        public float[] Score { get; set; } = [];

        public float[] FeatureContributions { get; set; } = [];
    }
}
