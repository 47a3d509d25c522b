using Microsoft.ML;
using MLExtensions.Testing;
using Samples.FewShotSymbols;
using Samples.Snippets;

namespace MLExt.Tests.Documentation;

[TestClass]
public sealed class FewShotSnippetTests
{
    private static readonly MLContext Context = new(seed: 1);

    [TestMethod]
    public void TheCodeOfTheGuideTrainsAGeneratorAndAddsAClass()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var rows = Rows(folder["examples"], symbols: 24, alphabet: 32);
        stop.CancelAfter(TimeSpan.FromSeconds(5));
        using var generator = FewShotGenerators.Train(Context, View(rows), folder["g.zip"], stop.Token);
        Assert.IsTrue(File.Exists(folder["g.zip"]));
        Assert.AreEqual(10, generator.MaxWays);

        var few = View(rows.Where(row => string.CompareOrdinal(row.Label, "symbol-04") < 0));
        var more = View(rows.Where(row => row.Label == "symbol-05"));
        using var larger = FewShotClassifiers.AddClass(generator, few, more);
        CollectionAssert.AreEqual((string[])["symbol-01", "symbol-02", "symbol-03", "symbol-05"], larger.Classes.Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual(32L * generator.ImageSize * generator.ImageSize, larger.SupportBytes);

        var tasks = Enumerable.Range(0, 24).SelectMany(symbol => rows[(8 * symbol)..(8 * symbol + 8)].Select((row, i) =>
            new Row(i < 5 ? row.Label : "", row.Features, $"customer {symbol / 8}", row.Label))).ToArray();
        var answers = Context.Data.CreateEnumerable<ScoredRow>(ToText(FewShotClassifiers.ManyTasks(Context, generator, View(tasks))), reuseRowObject: false)
            .Where(row => row.Label.Length == 0).ToArray();
        Assert.AreEqual(24 * 3, answers.Length);
        Assert.IsGreaterThan(answers.Length / 2, answers.Count(row => row.PredictedLabel == row.Truth));
    }

    private static IDataView View(IEnumerable<Row> rows) => Context.Data.LoadFromEnumerable(rows.ToArray());

    private static IDataView ToText(IDataView scored) => Context.Transforms.Conversion.MapKeyToValue("PredictedLabel")
        .Append(Context.Transforms.Conversion.MapKeyToValue("Label")).Fit(scored).Transform(scored);

    private static Row[] Rows(string folder, int symbols, int alphabet)
    {
        DrawnSymbols.Write(folder, symbols, perSymbol: 8, alphabet, hand: 1);
        return [.. Drawing.Find(folder).Select(drawing => new Row(drawing.Label, File.ReadAllBytes(drawing.ImagePath), "", drawing.Label))];
    }

    private sealed class Row(string label, byte[] features, string customer, string truth)
    {
        public string Label { get; } = label;

        public byte[] Features { get; } = features;

        public string Customer { get; } = customer;

        public string Truth { get; } = truth;
    }

    private sealed class ScoredRow
    {
        public string Label { get; set; } = "";

        public string Truth { get; set; } = "";

        public string PredictedLabel { get; set; } = "";
    }
}
