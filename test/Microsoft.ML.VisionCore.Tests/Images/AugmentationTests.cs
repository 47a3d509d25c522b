using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class AugmentationTests
{
    private const int Side = 4;

    /// <summary>Plane p, row y, column x holds 50p + 10y + x.</summary>
    private static readonly byte[] Picture = [.. Enumerable.Range(0, 3 * Side * Side).Select(i => (byte)((50 * (i / 16)) + (10 * (i / 4 % 4)) + (i % 4)))];

    [TestMethod]
    public void AShiftReflectsAtTheBorder()
    {
        var target = new byte[Picture.Length];
        Augmentation.Shift(Picture, Side, -2, 1, mirror: false, target);

        // columns -2..1 read 2 1 0 1; rows 1..4 read 1 2 3 2
        CollectionAssert.AreEqual(new byte[] { 12, 11, 10, 11, 22, 21, 20, 21, 32, 31, 30, 31, 22, 21, 20, 21 }, target[..16]);
        CollectionAssert.AreEqual(target[..16].Select(value => (byte)(value + 100)).ToArray(), target[32..]);
    }

    [TestMethod]
    public void MirroringTurnsEveryRowRound()
    {
        var target = new byte[Picture.Length];
        Augmentation.Shift(Picture, Side, 0, 0, mirror: true, target);
        CollectionAssert.AreEqual(new byte[] { 3, 2, 1, 0, 13, 12, 11, 10 }, target[..8]);
    }

    [TestMethod]
    public void AnImageIsMirroredInEveryOtherEpoch()
    {
        var first = Enumerable.Range(0, 1000).Select(row => Augmentation.IsMirrored(3, 0, row)).ToArray();
        var second = Enumerable.Range(0, 1000).Select(row => Augmentation.IsMirrored(3, 1, row)).ToArray();

        CollectionAssert.AreEqual(first.Select(value => !value).ToArray(), second);
        Assert.AreEqual(500, first.Count(value => value), 60.0);
    }

    [TestMethod]
    public void TheVariantFollowsFromSeedEpochAndRow()
    {
        var settings = new Augmentation { CropPadding = 2, AlternatingFlip = true };
        CollectionAssert.AreEqual(Vary(settings, 1, 2, 3), Vary(settings, 1, 2, 3));
        var variants = Enumerable.Range(0, 40).Select(epoch => Convert.ToHexString(Vary(settings, 1, epoch, 3))).Distinct().Count();
        Assert.IsGreaterThan(20, variants);
    }

    [TestMethod]
    public void WithoutSettingsTheImageStaysAsItIs() => CollectionAssert.AreEqual(Picture, Vary(new Augmentation(), 1, 2, 3));

    private static byte[] Vary(Augmentation settings, int seed, int epoch, int row)
    {
        var target = new byte[Picture.Length];
        settings.Apply(Picture, Side, seed, epoch, row, target);
        return target;
    }
}
