using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class ImagesTests
{
    private static readonly byte[] FourPixels = [1, 2, 3, 255, 40, 50, 60, 255, 70, 80, 90, 255, 0, 10, 20, 255];

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void PixelsGivenAreKeptAsTheyAre(MLPixelFormat format)
    {
        byte[] pixels = [10, 20, 30, 5, 255, 254, 253, 252];
        using var image = MLImage.CreateFromPixels(1, 2, format, pixels);
        Assert.AreEqual((1, 2, format), (image.Width, image.Height, image.PixelFormat));
        CollectionAssert.AreEqual(pixels, image.Pixels.ToArray());
        pixels[0] = 99;
        Assert.AreEqual(10, image.Pixels[0]);
    }

    [TestMethod]
    public void ImpossiblePixelsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(2, 2, MLPixelFormat.Unknown, FourPixels));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(0, 2, MLPixelFormat.Bgra32, FourPixels));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(2, -1, MLPixelFormat.Bgra32, FourPixels));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(2, 3, MLPixelFormat.Bgra32, FourPixels));
    }

    [TestMethod]
    public void MissingInputIsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromStream(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => MLImage.CreateFromFile(null!));
        Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(folder["none.png"]));
    }

    [TestMethod]
    [DataRow(MLPixelFormat.Bgra32)]
    [DataRow(MLPixelFormat.Rgba32)]
    public void SavedPngHasTheSamePixels(MLPixelFormat format)
    {
        using var folder = new TemporaryFolder();
        using var image = MLImage.CreateFromPixels(2, 2, format, FourPixels);
        image.Save(folder["image.PNG"]);
        using var read = MLImage.CreateFromFile(folder["image.PNG"]);
        foreach (var (x, y) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) })
        {
            ImagesAssert.PixelIs(ImagesAssert.PixelAt(image, x, y), read, x, y);
        }
    }

    [TestMethod]
    public void SavedPngKeepsTransparency()
    {
        using var folder = new TemporaryFolder();
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Rgba32, [100, 50, 25, 128, 0, 0, 0, 0]);
        image.Save(folder["image.png"]);
        using var read = MLImage.CreateFromFile(folder["image.png"]);
        ImagesAssert.PixelIs((100, 50, 25, 128), read, 0, 0, tolerance: 1); // divided by alpha and multiplied again
        ImagesAssert.PixelIs((0, 0, 0, 0), read, 1, 0);
    }

    [TestMethod]
    [DataRow("image.jpg")]
    [DataRow("image.jpeg")]
    public void SavedJpegIsNearlyTheSame(string name)
    {
        using var folder = new TemporaryFolder();
        var pixels = Enumerable.Range(0, 16 * 16).SelectMany(_ => new byte[] { 30, 120, 210, 255 }).ToArray();
        using var image = MLImage.CreateFromPixels(16, 16, MLPixelFormat.Bgra32, pixels);
        image.Save(folder[name]);
        using var read = MLImage.CreateFromFile(folder[name]);
        ImagesAssert.PixelIs((210, 120, 30, 255), read, 7, 7, tolerance: 3); // YCbCr rounding at quality 100
    }

    [TestMethod]
    public void UnknownExtensionsAreRefused()
    {
        using var folder = new TemporaryFolder();
        using var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, FourPixels);
        Assert.ThrowsExactly<ArgumentException>(() => image.Save(folder["image.xyz"]));
        Assert.ThrowsExactly<ArgumentException>(() => image.Save(folder["image"]));
    }

    [TestMethod]
    public void DisposedImagesAreRefused()
    {
        var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, FourPixels);
        image.Tag = "name";
        Assert.AreEqual("name", image.Tag);
        image.Dispose();
        image.Dispose();
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Width);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Height);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.PixelFormat);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Tag);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Pixels.Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => image.Save("image.png"));
    }
}
