using MLExtensions.Testing;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Tests.Explanation;

[TestClass]
public class ContributionOverlayTests
{
    [TestMethod]
    [DataRow(40, 20, 256, 128)]
    [DataRow(300, 600, 300, 600)]
    [DataRow(2048, 512, 1024, 256)]
    [DataRow(900, 1, 900, 1)]
    public void TheOverlayHasTheShapeOfTheImageAndASizeToLookAt(int width, int height, int expectedWidth, int expectedHeight)
    {
        using var overlay = Draw(PngFile.Encode(width, height, (_, _) => (200, 100, 50)), [1, 0, 0, -1]);
        Assert.AreEqual((expectedWidth, expectedHeight), (overlay.Width, overlay.Height));
    }

    [TestMethod]
    public void WhatSpeaksForIsOrangeWhatSpeaksAgainstIsBlueAndTheRestIsGrey()
    {
        using var overlay = Draw(PngFile.Encode(300, 300, (_, _) => (30, 160, 60)), [2, 0, 0, 0, 0, 0, 0, 0, -1]);
        var (best, rest, worst) = (overlay.GetPixel(20, 20), overlay.GetPixel(150, 150), overlay.GetPixel(280, 280));
        Assert.IsTrue(best.Red > best.Green + 50 && best.Green > best.Blue + 50, $"{best}");
        Assert.IsTrue(worst.Blue > worst.Red + 50, $"{worst}");
        Assert.IsTrue(rest.Red == rest.Green && rest.Green == rest.Blue, $"{rest}");
        Assert.AreEqual(byte.MaxValue, rest.Alpha);
    }

    [TestMethod]
    public void ANumberForNothingLeavesTheImageGrey()
    {
        using var overlay = Draw(PngFile.Encode(300, 300, (x, _) => ((byte)x, 0, 0)), [0]);
        Assert.IsTrue(overlay.Pixels.All(pixel => pixel.Red == pixel.Blue));
    }

    [TestMethod]
    public void WhatCannotBeDrawnIsRefused()
    {
        var image = PngFile.Encode(8, 8, (_, _) => (0, 0, 0));
        Assert.Contains("there are 3", Refused(image, [1, 2, 3]));
        Assert.Contains("there are 0", Refused(image, []));
        Assert.Contains("one is NaN", Refused(image, [float.NaN]));
        Assert.Contains("The image cannot be decoded: 3 bytes are not an image", Refused([1, 2, 3], [1]));
    }

    private static string Refused(byte[] image, float[] contributions) =>
        Assert.ThrowsExactly<ArgumentException>(() => ModelExplanation.DrawContributions(image, contributions)).Message;

    private static SKBitmap Draw(byte[] image, float[] contributions) => SKBitmap.Decode(ModelExplanation.DrawContributions(image, contributions));
}
