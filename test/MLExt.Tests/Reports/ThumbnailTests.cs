using Microsoft.ML.Data;
using MLExt.Reports.Html;
using MLExtensions.Testing;

namespace MLExt.Tests.Reports;

[TestClass]
public sealed class ThumbnailTests
{
    [TestMethod]
    public void ALargeImageIsMadeSmallByTakingMeans()
    {
        using var folder = new TemporaryFolder();
        var pixels = new byte[256 * 128 * 4];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i % 4 == 3 ? 255 : i / 4 % 2 == 0 ? 40 : 60);
        }

        TinyImages.Save(folder["large.png"], pixels, 256);
        using var small = Decoded(Thumbnail.Of(File.ReadAllBytes(folder["large.png"])));
        Assert.AreEqual((128, 64), (small.Width, small.Height));
        Assert.AreEqual(50, small.Pixels[0]);
        Assert.AreEqual(255, small.Pixels[3]);
    }

    [TestMethod]
    public void ASmallImageKeepsItsPixels()
    {
        var image = TinyImages.Encode(1, 16, new Random(4));
        using var original = MLImage.CreateFromStream(new MemoryStream(image));
        using var small = Decoded(Thumbnail.Of(image));
        Assert.AreEqual(16, small.Width);
        CollectionAssert.AreEqual(original.Pixels.ToArray(), small.Pixels.ToArray());
    }

    [TestMethod]
    public void WhatIsNoImageHasNone() => Assert.IsNull(Thumbnail.Of("no picture"u8.ToArray()));

    private static MLImage Decoded(string? address) =>
        MLImage.CreateFromStream(new MemoryStream(Convert.FromBase64String(address!["data:image/png;base64,".Length..])));
}
