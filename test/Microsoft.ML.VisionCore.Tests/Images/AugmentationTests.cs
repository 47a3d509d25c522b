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
    public void ARandomCropShowsAnUndistortedPartOfTheAskedArea()
    {
        const int side = 64;
        // Red grows by 3 a column, green by 3 a row: what a crop shows can be read off.
        byte[] ramp = [.. Enumerable.Range(0, 3 * side * side).Select(i => (byte)((i / (side * side)) switch { 0 => 3 * (i % side), 1 => 3 * (i / side % side), _ => 7 }))];
        var augmentation = new Augmentation { CropScale = 0.4 };
        var target = new byte[ramp.Length];
        var areas = new List<double>();
        for (var epoch = 0; epoch < 200; epoch++)
        {
            augmentation.Apply(ramp, side, seed: 1, epoch, row: 5, target);
            var width = (target[side - 1] - target[0]) / (3.0 * (side - 1));
            var height = (target[(2 * side * side) - side] - target[side * side]) / (3.0 * (side - 1));
            areas.Add(width * height);
            Assert.IsLessThanOrEqualTo(1.01, Math.Max(width, height));
            for (var x = 0; x < side; x++)
            {
                Assert.AreEqual(target[0] + (3 * width * x), target[x], 1.5, $"epoch {epoch}, column {x}");
                Assert.AreEqual(target[x], target[(side * (side - 1)) + x], $"epoch {epoch}, column {x}, last row");
            }

            Assert.IsTrue(target.AsSpan(2 * side * side).IndexOfAnyExcept((byte)7) < 0);
        }

        // A shape that would not fit is cut to the side, which takes up to a seventh of its area.
        Assert.IsGreaterThan(0.4 * 0.84, areas.Min());
        Assert.IsLessThan(0.5, areas.Min());
        Assert.IsGreaterThan(0.85, areas.Max());
    }

    [TestMethod]
    public void ACropIsAFunctionOfItsArguments()
    {
        var augmentation = new Augmentation { CropScale = 0.3, AlternatingFlip = true };
        byte[] Cropped(int seed, int epoch, int row)
        {
            var target = new byte[Picture.Length];
            augmentation.Apply(Picture, Side, seed, epoch, row, target);
            return target;
        }

        CollectionAssert.AreEqual(Cropped(1, 2, 3), Cropped(1, 2, 3));
        CollectionAssert.AreNotEqual(Cropped(1, 2, 3), Cropped(1, 4, 3));
        CollectionAssert.AreNotEqual(Cropped(1, 2, 3), Cropped(1, 2, 4));
        CollectionAssert.AreNotEqual(Cropped(1, 2, 3), Cropped(2, 2, 3));
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
