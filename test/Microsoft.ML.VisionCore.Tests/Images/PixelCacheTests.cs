using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class PixelCacheTests
{
    private const int Size = 5_000_000; // three to a block

    [TestMethod]
    [DataRow(4 * (long)Size + 100)]
    [DataRow(Size - 1L)]
    [DataRow(long.MaxValue)]
    public void ImagesComeBackWhetherOrNotTheyFitTheBudget(long budget)
    {
        using var cache = new PixelCache(Size, budget);
        var image = new byte[Size];
        for (var i = 0; i < 6; i++)
        {
            Array.Fill(image, (byte)i);
            cache.Add(image);
        }

        Assert.AreEqual(6, cache.Count);
        foreach (var i in (int[])[5, 0, 3, 4, 2, 1])
        {
            cache.Read(i, image);
            Assert.AreEqual(-1, image.AsSpan().IndexOfAnyExcept((byte)i));
        }
    }

    [TestMethod]
    public void WhatDoesNotFitLiesInATemporaryFileThatIsGoneAfterwards()
    {
        using var temporary = new TemporaryFolder();
        using (var cache = new PixelCache(10, 19, temporary.Path))
        {
            cache.Add(new byte[10]);
            Assert.IsEmpty(Files(), "One image fits.");
            cache.Add([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
            Assert.HasCount(OperatingSystem.IsWindows() ? 1 : 0, Files(), "Where the system can do that, a file that is open has no name, so that nothing is left even of a process that is killed.");
            var image = new byte[10];
            cache.Read(1, image);
            CollectionAssert.AreEqual((byte[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], image);
        }

        Assert.IsEmpty(Files());

        string[] Files() => Directory.GetFileSystemEntries(temporary.Path);
    }

    [TestMethod]
    public void AFileThatCannotBeMadeIsAnErrorThatSaysWhatToDo()
    {
        using var temporary = new TemporaryFolder();
        using var cache = new PixelCache(10, 9, temporary["missing"]);
        var error = Assert.ThrowsExactly<IOException>(() => cache.Add(new byte[10]));
        Assert.StartsWith($"The pixels of the images do not fit into the memory that they may take (Recipe.PixelCacheBytes) and cannot be written to a temporary file in '{temporary["missing"]}': ", error.Message);
    }
}
