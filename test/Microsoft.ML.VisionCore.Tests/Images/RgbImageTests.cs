using System.Runtime.CompilerServices;
using Microsoft.ML.VisionCore.Images;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class RgbImageTests
{
    private const int LargeWidth = 4097, LargeHeight = 4096;

    [TestMethod]
    public void OneThreadAtATimeHoldsALargeImage()
    {
        var (holders, most) = (0, 0);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(Hold)).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.AreEqual(1, most);

        void Hold()
        {
            using var image = new RgbImage();
            for (var i = 0; i < 20; i++)
            {
                image.Resize(LargeWidth, LargeHeight);
                most = Math.Max(most, Interlocked.Increment(ref holders));
                Thread.Yield();
                Interlocked.Decrement(ref holders);
                image.Dispose();
            }
        }
    }

    [TestMethod]
    public void ASmallImageDoesNotWaitForALargeOne()
    {
        using var large = new RgbImage();
        large.Resize(LargeWidth, LargeHeight);
        var thread = new Thread(() => new RgbImage().Resize(4096, 4096));
        thread.Start();
        thread.Join();
    }

    [TestMethod]
    public void AnImageThatIsDisposedOfLeavesItsMemoryToTheNext()
    {
        using var first = new RgbImage();
        using var second = new RgbImage();
        first.Resize(2000, 2000);
        ref var pixel = ref first.Pixels[0];
        first.Dispose();
        second.Resize(2000, 2000);
        Assert.IsTrue(Unsafe.AreSame(ref pixel, ref second.Pixels[0]));
    }

    [TestMethod]
    public void ALargeImageIsTurnedAsASmallOneIs()
    {
        using var image = new RgbImage();
        foreach (var (width, height) in new[] { (3, 2), (LargeWidth, LargeHeight) })
        {
            image.Resize(width, height);
            image.Pixels.Clear();
            image.Pixels[^3..].Fill(9);
            image.Turn(SKEncodedOrigin.RightTop);
            Assert.AreEqual((height, width), (image.Width, image.Height));
            Assert.AreEqual(3 * height * (width - 1), image.Pixels.IndexOf((byte)9), "the last stored pixel begins the last upright row");
        }
    }
}
