using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class PixelCacheTests
{
    [TestMethod]
    public void ImagesAreKeptUpToTheBudget()
    {
        const int size = 5_000_000;        // three to a block
        var cache = new PixelCache(size, 4 * (long)size + 100);
        var image = new byte[size];
        for (var i = 0; i < 6; i++)
        {
            Array.Fill(image, (byte)i);
            Assert.AreEqual(i < 4, cache.TryAdd(image));
        }

        Assert.AreEqual(4, cache.Count);
        for (var i = 0; i < 4; i++)
        {
            Assert.AreEqual(-1, cache[i].IndexOfAnyExcept((byte)i));
        }
    }

    [TestMethod]
    public void ABudgetBelowOneImageKeepsNone() => Assert.IsFalse(new PixelCache(10, 9).TryAdd(new byte[10]));
}
