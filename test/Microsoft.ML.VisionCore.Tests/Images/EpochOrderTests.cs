using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class EpochOrderTests
{
    private static readonly int[] Cached = [.. Enumerable.Range(0, 60)], Streamed = [.. Enumerable.Range(60, 200)];

    [TestMethod]
    public void EveryRowComesOnce()
    {
        var order = EpochOrder.Shuffle(Cached, Streamed, 16, seed: 1, epoch: 2);
        CollectionAssert.AreEqual(Enumerable.Range(0, 260).ToArray(), order.Order().ToArray());
    }

    [TestMethod]
    public void TheOrderFollowsFromSeedAndEpoch()
    {
        CollectionAssert.AreEqual(EpochOrder.Shuffle(Cached, Streamed, 16, 1, 2), EpochOrder.Shuffle(Cached, Streamed, 16, 1, 2));
        CollectionAssert.AreNotEqual(EpochOrder.Shuffle(Cached, Streamed, 16, 1, 2), EpochOrder.Shuffle(Cached, Streamed, 16, 1, 3));
        CollectionAssert.AreNotEqual(EpochOrder.Shuffle(Cached, [], 16, 1, 2), EpochOrder.Shuffle(Cached, [], 16, 2, 2));
    }

    [TestMethod]
    public void StreamedRowsNeverNeedMoreThanTheBuffer()
    {
        const int buffer = 16;
        var order = EpochOrder.Shuffle(Cached, Streamed, buffer, 1, 2).Where(row => row >= 60).ToArray();
        var furthest = -1;
        for (var visited = 0; visited < order.Length; visited++)
        {
            furthest = Math.Max(furthest, order[visited] - 60);
            Assert.IsLessThanOrEqualTo(buffer, furthest + 1 - visited, $"after {visited} rows");
        }
    }

    [TestMethod]
    public void StreamedAndCachedRowsAreMixed()
    {
        var order = EpochOrder.Shuffle(Cached, Streamed, 64, 1, 2);
        var inFirstHalf = order[..130].Count(row => row < 60);
        Assert.AreEqual(30, inFirstHalf, 12.0);
    }
}
