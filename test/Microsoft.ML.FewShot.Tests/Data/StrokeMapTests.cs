using Microsoft.ML.FewShot.Data;

namespace Microsoft.ML.FewShot.Tests.Data;

[TestClass]
public sealed class StrokeMapTests
{
    private const int Side = 8;

    [TestMethod]
    public void TheSamePenChangesNothing() => CollectionAssert.AreEqual(Line(ink: 200), Apply(new StrokeMap(1, 0), Line(ink: 200)));

    [TestMethod]
    public void AThinnerPenIsFainterAndADarkerOneStopsAtBlack()
    {
        CollectionAssert.AreEqual(Line(ink: 100), Apply(new StrokeMap(0.5f, 0), Line(ink: 200)));
        CollectionAssert.AreEqual(Line(ink: 255), Apply(new StrokeMap(2, 0), Line(ink: 200)));
    }

    [TestMethod]
    public void SpreadInkReachesTheNeighboursInPart()
    {
        CollectionAssert.AreEqual(Line(ink: 200, beside: 200), Apply(new StrokeMap(1, 1), Line(ink: 200)));
        CollectionAssert.AreEqual(Line(ink: 200, beside: 50), Apply(new StrokeMap(1, 0.25f), Line(ink: 200)));
    }

    [TestMethod]
    public void WhiteInkOnBlackPaperIsInkToo()
    {
        byte[] Inverse(byte[] image) => [.. image.Select(value => (byte)(255 - value))];
        CollectionAssert.AreEqual(Inverse(Line(ink: 200, beside: 50)), Apply(new StrokeMap(1, 0.25f), Inverse(Line(ink: 200))));
    }

    [TestMethod]
    public void EmptyPaperStaysEmpty() => CollectionAssert.AreEqual(Line(ink: 0), Apply(new StrokeMap(2, 1), Line(ink: 0)));

    [TestMethod]
    public void DrawnPensStayWithinTheirBounds()
    {
        var random = new Random(1);
        StrokeMap[] drawn = [.. Enumerable.Range(0, 2000).Select(_ => StrokeMap.Draw(random))];
        Assert.IsTrue(drawn.All(pen => pen is { Ink: >= 0.35f and <= 2, Spread: >= 0 and <= 1 }));
        Assert.AreEqual(0.5, drawn.Count(pen => pen.Spread > 0) / 2000.0, 0.05);
        Assert.AreEqual(0.5, drawn.Count(pen => pen.Ink > Math.Sqrt(0.35 * 2)) / 2000.0, 0.05);
    }

    /// <summary>A line from the top to the bottom in the fourth column, on white paper.</summary>
    private static byte[] Line(int ink, int beside = 0)
    {
        var image = Enumerable.Repeat((byte)255, Side * Side).ToArray();
        for (var y = 0; y < Side; y++)
        {
            image[(y * Side) + 3] -= (byte)ink;
            image[(y * Side) + 2] -= (byte)beside;
            image[(y * Side) + 4] -= (byte)beside;
        }

        return image;
    }

    private static byte[] Apply(StrokeMap pen, byte[] image)
    {
        var drawn = new byte[image.Length];
        pen.Apply(image, Side, drawn);
        return drawn;
    }
}
