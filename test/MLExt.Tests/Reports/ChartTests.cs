using MLExt.Models;
using MLExt.Reports.Html;

namespace MLExt.Tests.Reports;

[TestClass]
public sealed class ChartTests
{
    [TestMethod]
    [DataRow(0.0, 1.0, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [DataRow(0.31, 0.97, 5, new[] { 0.2, 0.4, 0.6, 0.8, 1 })]
    [DataRow(0.0, 2.3, 5, new[] { 0, 0.5, 1, 1.5, 2, 2.5 })]
    [DataRow(3.0, 3.0, 2, new[] { 3, 3.5, 4 })]
    [DataRow(0.0, 7000.0, 5, new double[] { 0, 2000, 4000, 6000, 8000 })]
    public void TicksAreRoundAndEnclose(double min, double max, int about, double[] expected)
    {
        var ticks = AxisTicks.Of(min, max, about);
        Assert.HasCount(expected.Length, ticks);
        foreach (var (tick, wanted) in ticks.Zip(expected))
        {
            Assert.AreEqual(wanted, tick, 1e-9);
        }
    }

    [TestMethod]
    public void EpochsAreWhole() => CollectionAssert.AreEqual((double[])[1, 2, 3], AxisTicks.Of(1, 3, 6, whole: true).ToArray());

    [TestMethod]
    public void ALineGoesThroughItsPointsAndLeavesOutWhatIsNoNumber()
    {
        var chart = LineChart.Draw("Loss", "epoch", [new("training", "one", [(1, 2), (2, double.NaN), (3, 0)])], isShare: false).ToString();
        StringAssert.Contains(chart, "M48 30");
        StringAssert.Contains(chart, "L468 230");
        Assert.DoesNotContain("NaN", chart);
        StringAssert.Contains(LineChart.Draw("Loss", "epoch", [new("training", "one", [(1, 2)])], isShare: false).ToString(), "<circle");
        StringAssert.Contains(LineChart.Draw("Loss", "epoch", [new("training", "one", [])], isShare: false).ToString(), "nothing was measured");
    }

    [TestMethod]
    public void OfManyClassesOnlyTheMostFrequentConfusionsAreListed()
    {
        var names = Enumerable.Range(0, 40).Select(i => $"class {i}").ToArray();
        var counts = names.Select((_, row) => names.Select((_, column) => row == column ? 5L : 0).ToArray()).ToArray();
        (counts[3][4], counts[8][9]) = (2, 4);
        var figures = new Figures(0, 0, 0, 0, 0, 0, [.. names.Select(n => new ClassFigures(n, 1, 1, 5))]);
        var section = new HtmlPage($"<section><h2>x</h2>{ConfusionTable.Section(new ImageEvaluation(figures, counts, [], [])).Body}</section>");
        var rows = section.All("tr");
        Assert.HasCount(3, rows);
        Assert.AreEqual("class 8class 940.444", rows[1].Value);
        Assert.AreEqual("class 3class 420.286", rows[2].Value);
    }

    [TestMethod]
    public void F1IsTheHarmonicMeanAndZeroWhereBothAre()
    {
        Assert.AreEqual(0.6, new ClassFigures("a", 0.5, 0.75, 4).F1!.Value, 1e-9);
        Assert.AreEqual(0.0, new ClassFigures("a", 0, 0, 4).F1);
        Assert.IsNull(new ClassFigures("a", null, 0, 4).F1);
    }
}
