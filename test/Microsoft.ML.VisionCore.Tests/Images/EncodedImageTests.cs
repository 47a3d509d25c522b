using Microsoft.ML.Data;
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
                using var reduced = new RgbImage();
                Assert.AreEqual(EncodedImage.FindFault(damaged), EncodedImage.Decode(damaged, reduced, side: 1), $"byte {length}");
            }
        }
    }

    [TestMethod]
    [DataRow(64, 188, 141)]
    [DataRow(94, 250, 188)]
    [DataRow(95, 313, 235)]
    [DataRow(187, 500, 375)]
    [DataRow(300, 500, 375)]
    public void AJpegIsDecodedAtTwiceTheSideThatItIsShrunkToOrMore(int side, int width, int height)
    {
        using var image = new RgbImage();
        Assert.IsNull(EncodedImage.Decode(Photograph(".jpg"), image, side));
        Assert.AreEqual((width, height), (image.Width, image.Height));
    }

    [TestMethod]
    public void OtherFilesAreDecodedInFull()
    {
        using var image = new RgbImage();
        Assert.IsNull(EncodedImage.Decode(Photograph(".png"), image, side: 1));
        Assert.AreEqual((500, 375), (image.Width, image.Height));
    }

    [TestMethod]
    [DataRow(24, 1)]
    [DataRow(64, 1)]
    [DataRow(64, 3)]
    [DataRow(64, 6)]
    [DataRow(128, 7)]
    [DataRow(129, 8)]
    public void AReducedJpegLooksAsAllOfItsPixelsDo(int side, int orientation)
    {
        var file = SampleFiles.WithExif(Photograph(".jpg"), PngFile.Exif(orientation, littleEndian: true));
        var (reduced, full) = (new byte[3 * side * side], new byte[3 * side * side]);
        Assert.IsNull(new ImageDecoder(side).Decode(file, reduced));
        using var image = Decode(file);
        new ImageResampler(side).Resample(image, full);

        var differences = reduced.Zip(full, (one, other) => Math.Abs(one - other)).ToArray();
        Assert.IsLessThan(1, differences.Average(), "of 255");
        Assert.IsLessThan(12, differences.Max(), "of 255");
    }

    [TestMethod]
    public void ACutOffJpegIsNoPictureAtAReducedSizeEither()
    {
        var file = Photograph(".jpg");
        var cut = file[..(file.Length / 2)];
        var planes = new byte[3 * 64 * 64];
        Assert.AreEqual($"the JPEG file is cut off: it ends after {cut.Length} bytes, before the last of its 500 x 375 pixels", new ImageDecoder(64).Decode(cut, planes));
        Assert.AreEqual(EncodedImage.FindFault(cut), new ImageDecoder(64).Decode(cut, planes));
    }

    [TestMethod]
    public void AnImageThatWouldFillTheMemoryIsNotDecoded()
    {
        var bomb = PngFile.WithSize(PngFile.Encode(1, 1, PngFile.Grey, [0]), 100_000, 100_000);
        Assert.AreEqual("the image is 100000 x 100000 pixels; at most 67108864 pixels are decoded", EncodedImage.FindFault(bomb));
    }

    // 500 x 375: waves that get shorter towards the right, an edge, and noise.
    private static byte[] Photograph(string extension)
    {
        const int width = 500, height = 375;
        var (random, pixels) = (new Random(1), new byte[4 * width * height]);
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / 4 % width, i / 4 / width);
            var value = 128 + (60 * Math.Sin(x * x / 12000.0 * (1 + (i % 4)))) + (x + y > 400 ? 40 : 0) + random.Next(-10, 11);
            pixels[i] = i % 4 == 3 ? byte.MaxValue : (byte)Math.Clamp(value, 0, 255);
        }

        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "photograph" + extension);
        using (var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels))
        {
            image.Save(file);
        }

        var bytes = File.ReadAllBytes(file);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        return bytes;
    }

    private static RgbImage Decode(byte[] file)
    {
        var image = new RgbImage();
        Assert.IsNull(EncodedImage.Decode(file, image));
        return image;
    }
}
