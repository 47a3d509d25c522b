
namespace Microsoft.ML.TTT.Tests.Training;

[TestClass]
public class HeldOutLogitsTests
{
    // Images of two classes with the logits (s, 0), right in a share of cases: at temperature s / ln(share / (1 - share)) the probability is the share.
    private static HeldOutLogits TwoClasses(float sureness, double share, int count = 50_000)
    {
        long[] labels = [.. Enumerable.Range(0, count).Select(i => i < share * count ? 0L : 1L)];
        return new HeldOutLogits([.. Enumerable.Repeat(new[] { sureness, 0f }, count).SelectMany(row => row)], labels, views: 1);
    }

    [TestMethod]
    [DataRow(6f, 0.8)]
    [DataRow(0.5f, 0.9)]
    [DataRow(2f, 0.7)]
    public void TheTemperatureMakesProbabilitiesWhatTheyAre(float sureness, double share)
    {
        var wanted = sureness / Math.Log(share / (1 - share));
        var held = TwoClasses(sureness, share);
        Assert.AreEqual(wanted, held.Temperature(), 0.01 * wanted);
        Assert.IsLessThanOrEqualTo(held.Loss(1), held.Loss(held.Temperature()));
        Assert.AreEqual(-(share * Math.Log(share)) - ((1 - share) * Math.Log(1 - share)), held.Loss(wanted), 1e-6);
    }

    [TestMethod]
    public void AFewImagesThatAreAllRightDoNotMakeAModelSureOfEverything()
    {
        Assert.IsGreaterThan(0.9, TwoClasses(2, 1, count: 3).Temperature());
        Assert.IsGreaterThan(0.5, TwoClasses(2, 1, count: 50).Temperature());
        Assert.AreEqual(1, new HeldOutLogits([0, 0, 0, 0], [0, 1], 1).Temperature(), 1e-3);
    }

    [TestMethod]
    public void TheProbabilitiesOfViewsAreAveraged()
    {
        // One image: sure of class 0, and sure of class 1 in its mirror image.
        var held = new HeldOutLogits([50, 0, 0, 50], [0], views: 2);
        Assert.AreEqual(Math.Log(2), held.Loss(1), 1e-9);
    }

    [TestMethod]
    public void TheThresholdIsTheQuantileOfWhatIsLacking()
    {
        // Largest probabilities of 0.50, 0.51, ..., 0.98.
        double[] largest = [.. Enumerable.Range(0, 49).Select(i => 0.5 + (0.01 * i))];
        var held = new HeldOutLogits([.. largest.SelectMany(p => new[] { (float)Math.Log(p / (1 - p)), 0f })], new long[49], 1);
        // Of 49 the ⌈0.9 · 50⌉ = 45th in the order of doubt: 0.02, 0.03, ...
        Assert.AreEqual(0.46, held.Threshold(0.1, 1), 1e-6);
        Assert.AreEqual(1e-4, new HeldOutLogits([100, 0], [0], 1).Threshold(0.05, 1), 1e-9);
    }
}
