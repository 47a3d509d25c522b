using MLExt.Training;

namespace MLExt.Tests.Training;

[TestClass]
public sealed class StageCurveTests
{
    [TestMethod]
    public void HoweverLongATrainingTheCurveIsShortAndItsMeansAreRight()
    {
        const int Steps = 10_000;
        var curve = new StageCurve("part");
        for (var step = 1; step <= Steps; step++)
        {
            curve.Add(step, step, 0.5, step % 1000 == 0 ? 0.7 : null);
        }

        Assert.IsLessThanOrEqualTo(240, curve.Loss.Count);
        Assert.IsGreaterThan(100, curve.Loss.Count);
        Assert.AreEqual(Steps, curve.Loss[^1].Step);
        Assert.IsTrue(curve.Accuracy.All(p => p.Accuracy == 0.5));
        Assert.HasCount(10, curve.Validation);
        var before = 0.0;
        foreach (var (step, loss) in curve.Loss)
        {
            Assert.AreEqual((before + 1 + step) / 2, loss, 1e-9);
            before = step;
        }
    }

    [TestMethod]
    public void AFewReportsAreKeptAsTheyAreAndLossesThatAreNoNumbersAreLeftOut()
    {
        var curve = new StageCurve("part");
        curve.Add(1, 2.5, 0.25, null);
        curve.Add(2, double.NaN, double.NaN, 0.5);
        curve.Add(3, 2, 0.75, null);
        CollectionAssert.AreEqual(((double, double)[])[(1, 2.5), (3, 2)], curve.Loss.ToArray());
        CollectionAssert.AreEqual(((double, double)[])[(1, 0.25), (3, 0.75)], curve.Accuracy.ToArray());
        CollectionAssert.AreEqual(((double, double)[])[(2, 0.5)], curve.Validation.ToArray());
    }
}
