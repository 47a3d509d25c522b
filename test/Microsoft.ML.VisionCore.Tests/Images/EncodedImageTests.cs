using MLExtensions.Testing;
using Microsoft.ML.VisionCore.Images;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public class EncodedImageTests
{
    // 16 x 16, red on the left and blue on the right, CMYK with Adobe's inverted ink.
    private const string CmykJpeg =
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAA" +
        "EFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RV" +
        "VldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9/K/n/r+f" +
        "+v38r+AOiv7/ACiv7/KK/gDor+AOiv7/ACiv/9k=";

    [TestMethod]
    public void TransparentPixelsLieOnWhite()
    {
        var image = Decode(PngFile.Encode(3, 1, PngFile.Rgba, [255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 128]));
        CollectionAssert.AreEqual(new byte[] { 255, 0, 0, 255, 255, 255, 127, 127, 127 }, image.Pixels.ToArray());
    }

    [TestMethod]
    public void GreyHasEqualChannels()
    {
        var image = Decode(PngFile.Encode(2, 1, PngFile.Grey, [10, 200]));
        CollectionAssert.AreEqual(new byte[] { 10, 10, 10, 200, 200, 200 }, image.Pixels.ToArray());
    }

    [TestMethod]
    [DataRow(PngFile.Grey, 1)]
    [DataRow(PngFile.Rgb, 3)]
    [DataRow(PngFile.Rgba, 4)]
    public void SixteenBitsBecomeEight(byte colorType, int channels)
    {
        CollectionAssert.AreEqual(new byte[] { 255, 255, 255 }, Decode(PngFile.Encode(1, 1, colorType, 16, (_, _) => [.. Enumerable.Repeat(0xFFFF, channels)])).Pixels.ToArray());
    }

    [TestMethod]
    public void CmykBecomesRgb()
    {
        var image = Decode(Convert.FromBase64String(CmykJpeg));
        var left = image.Pixels.Slice(((8 * 16) + 2) * 3, 3);
        var right = image.Pixels.Slice(((8 * 16) + 13) * 3, 3);

        // Inks have no exact colours, so decoders differ: only the hue is pinned.
        Assert.IsTrue(left[0] > 150 && left[1] < 100 && left[2] < 100, $"left is {left[0]}, {left[1]}, {left[2]}");
        Assert.IsTrue(right[0] < 100 && right[1] < 100 && right[2] > 90, $"right is {right[0]}, {right[1]}, {right[2]}");
    }

    [TestMethod]
    [DataRow(1, "abcdef", 2)]
    [DataRow(2, "badcfe", 2)]
    [DataRow(3, "fedcba", 2)]
    [DataRow(4, "efcdab", 2)]
    [DataRow(5, "acebdf", 3)]
    [DataRow(6, "ecafdb", 3)]
    [DataRow(7, "fdbeca", 3)]
    [DataRow(8, "bdface", 3)]
    [DataRow(9, "abcdef", 2)]
    public void ExifOrientationTurnsTheImageUpright(int orientation, string expected, int width)
    {
        foreach (var littleEndian in new[] { true, false })
        {
            var image = Decode(PngFile.Encode(2, 3, PngFile.Grey, [.. "abcdef"u8], PngFile.Exif(orientation, littleEndian)));
            Assert.AreEqual(width, image.Width);
            Assert.AreEqual(expected, string.Concat(Enumerable.Range(0, 6).Select(i => (char)image.Pixels[3 * i])), $"little-endian: {littleEndian}");
        }
    }

    [TestMethod]
    public void AJpegsOrientationIsReadFromItsExifSegment()
    {
        var jpeg = Convert.FromBase64String(CmykJpeg);
        var exif = PngFile.Exif(6, littleEndian: false);
        byte[] turned = [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];

        var image = Decode(turned);
        Assert.IsTrue(image.Pixels[0] > image.Pixels[2], "red is on top");
        Assert.IsTrue(image.Pixels[^3] < image.Pixels[^1], "blue is below");
    }

    [TestMethod]
    public void EveryCutOffOrDamagedFileGivesPixelsOrAFault()
    {
        foreach (var file in new[] { Convert.FromBase64String(CmykJpeg), PngFile.Encode(4, 4, PngFile.Rgb, new byte[48], PngFile.Exif(6, true)) })
        {
            for (var length = 0; length < file.Length; length += 3)
            {
                EncodedImage.FindFault(file.AsSpan(0, length));
                var damaged = (byte[])file.Clone();
                damaged[length] ^= 0xFF;
                EncodedImage.FindFault(damaged);
            }
        }
    }

    [TestMethod]
    public void AnImageThatWouldFillTheMemoryIsNotDecoded()
    {
        var bomb = PngFile.WithSize(PngFile.Encode(1, 1, PngFile.Grey, [0]), 100_000, 100_000);
        Assert.AreEqual("the image is 100000 x 100000 pixels; at most 67108864 pixels are decoded", EncodedImage.FindFault(bomb));
    }

    private static RgbImage Decode(byte[] file)
    {
        var image = new RgbImage();
        Assert.IsNull(EncodedImage.Decode(file, image));
        return image;
    }
}
