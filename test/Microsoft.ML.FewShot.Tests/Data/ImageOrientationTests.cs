using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class ImageOrientationTests
{
    // 1 2 3
    // 4 5 6
    // 7 8 9
    private static readonly byte[] Source = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    [TestMethod]
    [DataRow(0, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 })]
    [DataRow(1, new byte[] { 3, 6, 9, 2, 5, 8, 1, 4, 7 })]
    [DataRow(2, new byte[] { 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    [DataRow(3, new byte[] { 7, 4, 1, 8, 5, 2, 9, 6, 3 })]
    [DataRow(4, new byte[] { 3, 2, 1, 6, 5, 4, 9, 8, 7 })]
    [DataRow(5, new byte[] { 1, 4, 7, 2, 5, 8, 3, 6, 9 })]
    public void AnImageIsMirroredAndThenTurnedCounterClockwise(int orientation, byte[] expected)
    {
        var turned = new byte[9];
        ImageOrientation.Copy(Source, 3, orientation, turned);
        CollectionAssert.AreEqual(expected, turned);
    }

    [TestMethod]
    public void EveryColorPlaneIsTurnedAlike()
    {
        byte[] source = [.. Source, .. Source.Select(value => (byte)(value + 10)), .. Source.Select(value => (byte)(value + 20))];
        var turned = new byte[27];
        ImageOrientation.Copy(source, 3, 1, turned);
        CollectionAssert.AreEqual(new byte[] { 13, 16, 19, 12, 15, 18, 11, 14, 17 }, turned[9..18]);
    }

    [TestMethod]
    public void TheEightOrientationsAreDifferent()
    {
        var all = Enumerable.Range(0, ImageOrientation.Count).Select(orientation =>
        {
            var turned = new byte[9];
            ImageOrientation.Copy(Source, 3, orientation, turned);
            return Convert.ToHexString(turned);
        });
        Assert.AreEqual(8, all.Distinct().Count());
    }
}
