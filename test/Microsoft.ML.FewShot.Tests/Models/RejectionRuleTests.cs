using Microsoft.ML.FewShot.Models;
using Microsoft.ML.VisionCore.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.FewShot.Tests.Models;

[TestClass]
public class RejectionRuleTests
{
    // Two classes on a line, far apart: -1, 0, 1 and 100, 104.
    private static readonly float[] Line = [-1, 0, 1, 100, 104];

    private static readonly float[] TwoClasses = [1, 0, 1, 0, 1, 0, 0, 1, 0, 1];

    [TestMethod]
    public void TheThresholdOfAConstructedSupportSetIsTheClosedForm()
    {
        // Left out, with the mean of the others: (1.5², 0, 1.5²) · 2 / 3 and (4², 4²) · 1 / 2.
        double[] u = [0, 1.5, 1.5, 8, 8];
        foreach (var (rate, place) in new[] { (0.05, 4), (0.35, 3), (0.5, 2), (0.67, 1), (0.95, 0) })
        {
            using var rule = Fit(Line, TwoClasses, 2, rate, spread: null)!;
            Assert.AreEqual(u[place], rule.Threshold, 1e-6, $"{rate}");
        }
    }

    [TestMethod]
    public void AnotherClassMayBeTheNearerOneOfASampleLeftOut()
    {
        // Means 1 and 3. Left out, 2 is (2 - 0)² · 1 / 2 from its own, and (3 - 2)² · 2 / 3 from the other; 0 is 2, 2.5 and 3.5 are 1 / 2 from their own.
        using var rule = Fit([0, 2, 2.5f, 3.5f], [1, 0, 1, 0, 0, 1, 0, 1], 2, 0.45, spread: null)!;
        Assert.AreEqual(2 / 3.0, rule.Threshold, 1e-6);
    }

    [TestMethod]
    public void TheKnownScoreIsAHalfAtTheThresholdAndFallsWithTheDistance()
    {
        using var rule = Fit(Line, TwoClasses, 2, 0.05, spread: null)!;
        // u = d² · 3 / 4 from the mean of three, d² · 2 / 3 from that of two; t = 8.
        var edge = Math.Sqrt(8 * 4 / 3.0);
        var known = Known(rule, [0, 1, (float)edge - 0.001f, (float)edge + 0.001f, 20, 102, 105]);
        Assert.AreEqual(1, known[0]);
        Assert.AreEqual(8 / 8.75, known[1], 1e-6);
        Assert.IsTrue(known[2] > 0.5 && known[3] < 0.5);
        Assert.AreEqual(8 / (8 + 300.0), known[4], 1e-6);
        Assert.AreEqual(1, known[5]);
        Assert.AreEqual(8 / (8 + 6.0), known[6], 1e-6);
        var falling = Known(rule, [.. Enumerable.Range(0, 50).Select(i => -i * 0.5f)]);
        CollectionAssert.AreEqual(falling.OrderDescending().ToArray(), falling);
    }

    [TestMethod]
    public void OneExampleOfEachClassLeavesTheThresholdToOtherClasses()
    {
        float[] spread = [.. Enumerable.Range(1, 20).Select(i => (float)i)];
        using var rule = Fit([0, 50], [1, 0, 0, 1], 2, 0.05, spread)!;
        Assert.AreEqual(19, rule.Threshold, 1e-6);
        Assert.IsNull(Fit([0, 50], [1, 0, 0, 1], 2, 0.05, spread: null));
    }

    [TestMethod]
    public void TheMoreExamplesTheLessOtherClassesCount()
    {
        float[] spread = [1000];
        double Threshold(int count)
        {
            var random = new Random(1);
            using var rule = Fit([.. Enumerable.Range(0, count).Select(_ => random.NextSingle())], [.. Enumerable.Repeat(1f, count)], 1, 0.2, spread)!;
            return rule.Threshold;
        }

        Assert.AreEqual(1000, Threshold(4), 1e-3);
        Assert.IsLessThan(2, Threshold(200));
    }

    [TestMethod]
    public void AClassWithoutALabelledSampleTakesThoseThatMayBeOfIt()
    {
        // Of three classes; the last sample is of the second or the third.
        using var rule = Fit([0, 10, 20], [1, 0, 0, 0, 1, 0, 0, 1, 1], 3, 0.05, spread: [1])!;
        Assert.AreEqual(1, Known(rule, [20])[0]);
    }

    [TestMethod]
    public void ASampleThatMayBeOfManyClassesCountsForLittleInEach()
    {
        // Of three classes, none but the first with a labelled sample: 10 is of one of two, 20 of one of three. Both means are
        // (10 / 2 + 20 / 3) / (5 / 6) = 14, of n = 5 / 6 examples, so that n / (n + 1) = 5 / 11.
        using var rule = Fit([0, 10, 20], [1, 0, 0, 0, 1, 1, 1, 1, 1], 3, 0.05, spread: [1])!;
        var known = Known(rule, [14, 15]);
        Assert.AreEqual(1, known[0], 1e-6);
        Assert.AreEqual(11 / 16.0, known[1], 1e-6);
    }

    [TestMethod]
    public void ARowsScoreIsTheSameBitsByItself()
    {
        using var scope = NewDisposeScope();
        var rows = rand(9, 33, generator: new Generator(3, CPU));
        var rule = RejectionRule.Fit(rows, ones(9, 1), 0.05, null)!;
        CollectionAssert.AreEqual(
            rule.Known(rows).data<float>().ToArray(), Enumerable.Range(0, 9).Select(row => rule.Known(rows.narrow(0, row, 1)).item<float>()).ToArray());
        rule.Dispose();
    }

    [TestMethod]
    public void TheRuleIsAllInItsTensors()
    {
        using var rule = Fit(Line, TwoClasses, 2, 0.05, spread: null)!;
        using var copy = new RejectionRule(2, 1);
        using var file = new MemoryStream();
        ModuleWeights.Save(rule, file);
        file.Position = 0;
        ModuleWeights.Load(copy, file, file.Length);
        CollectionAssert.AreEqual(Known(rule, [3, 60, 101]), Known(copy, [3, 60, 101]));
    }

    private static RejectionRule? Fit(float[] line, float[] candidates, int ways, double rate, float[]? spread)
    {
        using var scope = NewDisposeScope();
        return RejectionRule.Fit(tensor(line, [line.Length, 1]), tensor(candidates, [line.Length, ways]), rate, spread);
    }

    private static float[] Known(RejectionRule rule, float[] line)
    {
        using var scope = NewDisposeScope();
        return rule.Known(tensor(line, [line.Length, 1])).data<float>().ToArray();
    }
}
