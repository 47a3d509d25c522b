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
    public void ThePlacesOfAPhotographAddUpToWhatTheProbabilitiesSayAndTheMassLiesOnTheObject()
    {
        using var generator = FewShotHyperTransformer.LoadPretrained(Context, PretrainedGenerator.Photographs);
        var random = new Random(1);
        var support = Enumerable.Range(0, 8).Select(i => Pasted(i % 2, 3 * (i % 3), 3 * (i / 3), random)).ToArray();
        using var classifier = generator.CreateClassifier(Context.Data.LoadFromEnumerable(support), Symbols.Named());
        (int X, int Y)[] corners = [(0, 0), (6, 0), (0, 6), (6, 6), (3, 3), (1, 5)];
        var rows = Context.Data.LoadFromEnumerable(corners.Select((place, i) => Pasted(i % 2, place.X, place.Y, random)).ToArray());
        for (var index = 0; index < 2; index++)
        {
            // What the mean photograph says is the same for all.
            var averages = Explain(classifier, rows, classifier.Classes[index]).Select(row => Advantage(row, index) - row.FeatureContributions.Sum()).ToArray();
            Assert.AreEqual(averages.Min(), averages.Max(), 1e-3);
        }

        var maps = Explain(classifier, rows).Select(row => row.FeatureContributions).ToArray();
        // Objects of 4 x 4 of 10 x 10 cells; places of 7 x 7, which see more than themselves.
        var mass = maps.Zip(corners, (map, corner) => MassOn(map, corner.X, corner.Y)).ToArray();
        Assert.IsGreaterThan(0.6, mass.Average(), string.Join(' ', mass));
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

    // A ring or a cross of 4 x 4 of 10 x 10 cells on grey noise.
    private static Symbols.Symbol Pasted(int shape, int left, int top, Random random)
    {
        const int Cell = 10;
        return new Symbols.Symbol
        {
            Name = shape == 0 ? "ring" : "cross",
            Features = PngFile.Encode(10 * Cell, 10 * Cell, (x, y) =>
            {
                var (dx, dy) = (x - ((left + 2) * Cell), y - ((top + 2) * Cell));
                var radius = Math.Sqrt((dx * dx) + (dy * dy));
                var isOn = shape == 0 ? radius is > 10 and < 19 : Math.Max(Math.Abs(dx), Math.Abs(dy)) < 19 && Math.Min(Math.Abs(dx), Math.Abs(dy)) < 5;
                var grey = (byte)random.Next(110, 140);
                return isOn ? (shape == 0 ? ((byte)220, (byte)40, (byte)30) : ((byte)20, (byte)60, (byte)210)) : (grey, grey, grey);
            }),
        };
    }

    // The share of what speaks for the class in the places that the object touches.
    private static double MassOn(float[] map, int left, int top)
    {
        const double Place = 10.0 / 7;
        double Sum(Func<int, int, bool> isCounted) => map.Select((value, i) => isCounted(i % 7, i / 7) ? Math.Max(0, value) : 0.0).Sum();
        bool Touches(int place, int from) => (place + 1) * Place > from && place * Place < from + 4;
        return Sum((x, y) => Touches(x, left) && Touches(y, top)) / Sum((_, _) => true);
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
