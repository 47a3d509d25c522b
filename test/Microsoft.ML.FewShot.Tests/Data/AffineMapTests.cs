using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class AffineMapTests
{
    private const int Side = 8;

    private static readonly byte[] Dot = DotAt(2, 5);

    [TestMethod]
    public void TheIdentityChangesNothing() => CollectionAssert.AreEqual(Dot, Apply(new AffineMap(1, 0, 0, 0, 1, 0), Dot));

    [TestMethod]
    public void AShiftOfAQuarterOfTheImageMovesADotByTwoOfEightPixels()
    {
        // A coordinate of 0.5 is a quarter of the image: what was at x = 2 is now at 0.
        CollectionAssert.AreEqual(DotAt(0, 5), Apply(new AffineMap(1, 0, 0.5f, 0, 1, 0), Dot));
        CollectionAssert.AreEqual(DotAt(2, 3), Apply(new AffineMap(1, 0, 0, 0, 1, 0.5f), Dot));
    }

    [TestMethod]
    public void AHalfTurnIsExact() => CollectionAssert.AreEqual(DotAt(5, 2), Apply(new AffineMap(-1, 0, 0, 0, -1, 0), Dot));

    [TestMethod]
    public void AShiftByHalfAPixelSharesADotBetweenTwo()
    {
        var moved = Apply(new AffineMap(1, 0, 0.125f, 0, 1, 0), Dot);
        Assert.AreEqual(155, moved[(5 * Side) + 1]);        // (255 + 55) / 2
        Assert.AreEqual(155, moved[(5 * Side) + 2]);
        Assert.AreEqual(Side * Side - 2, moved.Count(value => value == 255));
    }

    [TestMethod]
    public void WhatComesFromOutsideHasTheColorOfMostOfTheBorder()
    {
        var image = Enumerable.Repeat((byte)200, Side * Side).ToArray();
        image[0] = 0;
        var moved = Apply(new AffineMap(1, 0, 4, 0, 1, 0), image);
        Assert.IsTrue(moved.All(value => value == 200));
    }

    [TestMethod]
    public void DrawsStayWithinTheirLimits()
    {
        var random = new Random(1);
        for (var i = 0; i < 1000; i++)
        {
            var map = AffineMap.Draw(random);
            var area = (map.XX * map.YY) - (map.XY * map.YX);
            Assert.IsTrue(area is > 0.85f * 0.85f - 1e-4f and < 1.15f * 1.15f + 1e-4f, $"{area}");
            Assert.IsTrue(Math.Abs(map.X) <= 4 / 28f && Math.Abs(map.Y) <= 4 / 28f);
            Assert.IsTrue(Math.Abs(Math.Atan2(map.YX, map.XX)) <= (12 * Math.PI / 180) + 1e-6);
        }
    }

    private static byte[] DotAt(int x, int y)
    {
        var image = Enumerable.Repeat((byte)255, Side * Side).ToArray();
        image[(y * Side) + x] = 55;
        return image;
    }

    private static byte[] Apply(AffineMap map, byte[] image)
    {
        var moved = new byte[image.Length];
        map.Apply(image, Side, moved);
        return moved;
    }
}
