namespace Microsoft.ML.FewShot.Tests;

[TestClass]
public class PretrainedTests
{
    private const long LargestBytes = 4 << 20;

    [TestMethod]
    public void ThePretrainedGeneratorTellsNewSymbolsApart()
    {
        var context = new MLContext();
        using var generator = FewShotHyperTransformer.LoadPretrained(context);
        Assert.AreEqual(FewShotMethod.HyperTransformer, generator.Method);
        Assert.IsGreaterThanOrEqualTo(20, generator.MaxWays);
        var rows = Symbols.Draw(10, 6, seed: 3);
        using var classifier = generator.CreateClassifier(context.Data.LoadFromEnumerable(rows.Where((_, i) => i % 6 == 0)), Symbols.Named());
        using var engine = context.Model.CreatePredictionEngine<Symbols.Symbol, Answer>(classifier);
        Symbols.Symbol[] queries = [.. rows.Where((_, i) => i % 6 != 0)];
        var right = queries.Count(query => classifier.Classes[(int)engine.Predict(query).PredictedLabel - 1] == query.Name);
        Assert.IsGreaterThan(0.8, (double)right / queries.Length);
    }

    [TestMethod]
    [DataRow("Omniglot")]
    [DataRow("Photographs")]
    public void APretrainedGeneratorIsSmall(string name)
    {
        var assembly = typeof(FewShotHyperTransformer).Assembly;
        var bytes = assembly.GetManifestResourceNames().Where(resource => resource.StartsWith($"Pretrained/{name}.", StringComparison.Ordinal)).Sum(resource =>
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            return stream.Length;
        });
        Assert.IsInRange(1L, LargestBytes, bytes);
    }

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }
    }
}
