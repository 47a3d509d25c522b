using Microsoft.ML.TTT.Training;
using Microsoft.ML.VisionCore.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.TTT.Tests.Training;

[TestClass]
public sealed class BatchMixingTests
{
    [TestMethod]
    public void WithoutMixingNothingChanges()
    {
        using var scope = NewDisposeScope();
        var images = Numbered(3, 4);
        var plan = BatchMixing.Draw(new TttTrainingSettings(), 5, 4);

        Assert.AreEqual(1, plan.Share);
        CollectionAssert.AreEqual(Values(images), Values(BatchMixing.Mix(images, plan)));
    }

    [TestMethod]
    public void MixupWeighsAnImageWithItsPredecessor()
    {
        using var scope = NewDisposeScope();
        var mixed = BatchMixing.Mix(Numbered(3, 2), new BatchMixing.Plan(0.75, false, 0, 0, 0)).mean([1, 2, 3]);
        CollectionAssert.AreEqual(new[] { 0.5f, 0.75f, 1.75f }, Values(mixed));
    }

    [TestMethod]
    public void CutMixPastesASquareOfThePredecessor()
    {
        using var scope = NewDisposeScope();
        var mixed = BatchMixing.Mix(Numbered(2, 4), new BatchMixing.Plan(0.75, true, 1, 2, 2));
        var second = mixed.select(0, 1).select(0, 0);
        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1 }, Values(second));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void APartWithItsPredecessorIsMixedAsInTheWholeBatch(bool isCut)
    {
        using var scope = NewDisposeScope();
        var (images, labels, logits) = (Numbered(5, 4), tensor(new long[] { 0, 1, 2, 0, 1 }), Numbered(5, 3).mean([1, 3]));
        var plan = isCut ? new BatchMixing.Plan(0.75, true, 1, 2, 2) : new BatchMixing.Plan(0.75, false, 0, 0, 0);
        var whole = BatchMixing.Mix(images, plan);
        foreach (var (places, first, count) in new[] { ((long[])[4, 0, 1], 0, 2), ([1, 2, 3, 4], 2, 3) })
        {
            var part = images.index_select(0, tensor(places));
            CollectionAssert.AreEqual(Values(whole.narrow(0, first, count)), Values(BatchMixing.Mix(part, plan, hasPredecessor: true)));
        }

        double Loss(long[] places, int first) => BatchMixing.Loss(logits.narrow(0, first, places.Length - 1), labels.index_select(0, tensor(places)), plan, 0.1, hasPredecessor: true).item<float>();
        Assert.AreEqual(BatchMixing.Loss(logits, labels, plan, 0.1).item<float>(), (0.4 * Loss([4, 0, 1], 0)) + (0.6 * Loss([1, 2, 3, 4], 2)), 1e-6);
    }

    [TestMethod]
    public void TheShareOfCutMixIsTheAreaThatIsLeft()
    {
        var settings = new TttTrainingSettings { CutMixAlpha = 1 };
        for (var step = 0; step < 200; step++)
        {
            var plan = BatchMixing.Draw(settings, step, 32);
            Assert.AreEqual(1 - (plan.Side * plan.Side / 1024.0), plan.Share, 1e-12);
            Assert.IsLessThanOrEqualTo(32, plan.Top + plan.Side);
            Assert.IsLessThanOrEqualTo(32, plan.Left + plan.Side);
        }
    }

    [TestMethod]
    public void ThePlanFollowsFromSeedAndStep()
    {
        var settings = new TttTrainingSettings { MixUpAlpha = 0.4, CutMixAlpha = 1, Seed = 3 };
        var plans = Enumerable.Range(0, 100).Select(step => BatchMixing.Draw(settings, step, 32)).ToArray();

        Assert.AreEqual(plans[7], BatchMixing.Draw(settings, 7, 32));
        Assert.AreNotEqual(plans[7], BatchMixing.Draw(settings with { Seed = 4 }, 7, 32));
        Assert.AreEqual(50, plans.Count(plan => plan.IsCut), 20.0);
    }

    [TestMethod]
    public void TheLossIsMixedAsTheImagesAre()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 2, 0, 0, 0, 3, 0 }, [2, 3]);
        var labels = tensor(new long[] { 0, 1 });
        var own = nn.functional.cross_entropy(logits, labels).item<float>();
        var other = nn.functional.cross_entropy(logits, tensor(new long[] { 1, 0 })).item<float>();

        var mixed = BatchMixing.Loss(logits, labels, new BatchMixing.Plan(0.7, false, 0, 0, 0), 0).item<float>();

        Assert.AreEqual((0.7 * own) + (0.3 * other), mixed, 1e-6);
    }

    [TestMethod]
    [DataRow(0.2)]
    [DataRow(1.0)]
    [DataRow(4.0)]
    public void BetaDrawsHaveTheMomentsOfTheirDistribution(double alpha)
    {
        var random = new Random(1);
        var draws = Enumerable.Range(0, 20_000).Select(_ => BatchMixing.Beta(random, alpha)).ToArray();
        var mean = draws.Average();
        var variance = draws.Average(draw => (draw - mean) * (draw - mean));

        Assert.AreEqual(0.5, mean, 0.015);
        Assert.AreEqual(1 / (4 * ((2 * alpha) + 1)), variance, 0.006);
    }

    /// <summary>Image b holds the number b.</summary>
    private static Tensor Numbered(int count, int side) => TensorArithmetic.Arange(count, float32).view(count, 1, 1, 1).expand(count, 3, side, side).contiguous();

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
