using Microsoft.ML.Data;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class ImageFormatTests
{
    // JPEG keeps colors only nearly: conversion to YCbCr and quantisation at quality 95.
    private const int JpegTolerance = 6;

    [TestMethod]
    public void RgbPngIsDecodedExactly()
    {
        using var image = Decode(PngFile.Encode(5, 3, (x, y) => ((byte)(x * 40), (byte)(y * 90), (byte)(x + y))));
        Assert.AreEqual((5, 3), (image.Width, image.Height));
        Assert.AreEqual(5 * 3 * 4, image.Pixels.Length);
        ForEachPixel(image, (x, y) => PixelIs((x * 40, y * 90, x + y, 255), image, x, y));
    }

    [TestMethod]
    public void InterlacedPngIsDecodedExactly()
    {
        using var image = Decode(PngFile.Encode(11, 9, PngFile.Rgb, 8, (x, y) => [x * 20, y * 25, x * y], interlaced: true));
        ForEachPixel(image, (x, y) => PixelIs((x * 20, y * 25, x * y, 255), image, x, y));
    }

    [TestMethod]
    [DataRow((byte)1)]
    [DataRow((byte)2)]
    [DataRow((byte)4)]
    [DataRow((byte)8)]
    public void GreyPngBecomesThreeEqualComponents(byte bitDepth)
    {
        var top = (1 << bitDepth) - 1;
        using var image = Decode(PngFile.Encode(9, 2, PngFile.Grey, bitDepth, (x, y) => [(x + y) % (top + 1)]));
        ForEachPixel(image, (x, y) =>
        {
            var grey = (x + y) % (top + 1) * 255 / top;
            PixelIs((grey, grey, grey, 255), image, x, y);
        });
    }

    [TestMethod]
    public void PalettePngTakesColorsAndTransparencyFromTheTables()
    {
        byte[] palette = [255, 0, 0, 0, 255, 0, 10, 20, 30];
        using var image = Decode(PngFile.Encode(3, 1, PngFile.Palette, 2, (x, _) => [x], palette, transparency: [255, 0]));
        PixelIs((255, 0, 0, 255), image, 0, 0);
        PixelIs((0, 0, 0, 0), image, 1, 0);
        PixelIs((10, 20, 30, 255), image, 2, 0);
    }

    [TestMethod]
    public void SixteenBitPngKeepsTheHighBytes()
    {
        using var image = Decode(PngFile.Encode(2, 1, PngFile.Rgb, 16, (x, _) => [0x1234 * (x + 1), 0x8001, 0xFF00]));
        PixelIs((0x12, 0x80, 0xFF, 255), image, 0, 0, tolerance: 1); // some decoders round the low byte in
        PixelIs((0x24, 0x80, 0xFF, 255), image, 1, 0, tolerance: 1);
    }

    [TestMethod]
    public void ColorsArePremultipliedByAlpha()
    {
        using var image = Decode(PngFile.Encode(2, 1, PngFile.Rgba, 8, (x, _) => [200, 100, 50, x * 128]));
        PixelIs((0, 0, 0, 0), image, 0, 0);
        PixelIs((100, 50, 25, 128), image, 1, 0, tolerance: 1); // rounding of x * 128 / 255
    }

    [TestMethod]
    public void GreyWithAlphaIsPremultipliedToo()
    {
        using var image = Decode(PngFile.Encode(1, 1, PngFile.GreyAlpha, 8, (_, _) => [240, 64]));
        PixelIs((60, 60, 60, 64), image, 0, 0, tolerance: 1); // rounding of 240 * 64 / 255
    }

    [TestMethod]
    public void BmpIsDecodedExactly()
    {
        using var image = Decode(SampleFiles.Bmp(3, 4, (x, y) => ((byte)(x * 80), (byte)(y * 60), 7)));
        ForEachPixel(image, (x, y) => PixelIs((x * 80, y * 60, 7, 255), image, x, y));
    }

    [TestMethod]
    public void GifIsDecodedExactly()
    {
        using var image = Decode(SampleFiles.Gif);
        Assert.AreEqual((2, 1), (image.Width, image.Height));
        PixelIs((255, 0, 0, 255), image, 0, 0);
        PixelIs((0, 0, 255, 255), image, 1, 0);
    }

    [TestMethod]
    public void CmykJpegHasItsColors() => LeftAndRightAre((255, 0, 0, 255), (0, 0, 255, 255), SampleFiles.CmykJpeg);

    [TestMethod]
    public void ProgressiveJpegHasItsColors() => LeftAndRightAre((255, 0, 0, 255), (0, 0, 255, 255), SampleFiles.ProgressiveJpeg);

    [TestMethod]
    public void GreyJpegHasItsGreys() => LeftAndRightAre((200, 200, 200, 255), (50, 50, 50, 255), SampleFiles.GreyJpeg);

    [TestMethod]
    public void ExifOrientationIsNotApplied() => LeftAndRightAre((255, 0, 0, 255), (0, 0, 255, 255), SampleFiles.ExifRotatedJpeg);

    [TestMethod]
    public void BytesThatAreNoImageAreRefused()
    {
        var noise = new byte[1000];
        new Random(1).NextBytes(noise);
        byte[][] files = [[], [0x42], "not an image at all"u8.ToArray(), noise, new byte[100]];
        foreach (var file in files)
        {
            Assert.ThrowsExactly<ArgumentException>(() => Decode(file));
        }
    }

    [TestMethod]
    public void FilesThatEndInsideTheirHeaderAreRefused()
    {
        var png = PngFile.Encode(8, 8, (_, _) => (1, 2, 3));
        Assert.ThrowsExactly<ArgumentException>(() => Decode(png[..20]));
        Assert.ThrowsExactly<ArgumentException>(() => Decode(SampleFiles.ExifRotatedJpeg[..60]));
        Assert.ThrowsExactly<ArgumentException>(() => Decode(SampleFiles.Gif[..8]));
    }

    [TestMethod]
    public void FilesThatEndLaterAreRefusedOrKeepTheRowsTheyHave()
    {
        var random = new Random(2);
        byte[][] files =
        [
            PngFile.Encode(64, 64, (_, y) => ((byte)random.Next(256), (byte)random.Next(256), (byte)y)),
            SampleFiles.Bmp(64, 64, (_, y) => ((byte)random.Next(256), (byte)random.Next(256), (byte)y)),
            SampleFiles.GreyJpeg,
            SampleFiles.ProgressiveJpeg,
        ];
        foreach (var file in files)
        {
            try
            {
                using var image = Decode(file[..(file.Length * 9 / 10)]);
                using var whole = Decode(file);
                Assert.AreEqual((whole.Width, whole.Height), (image.Width, image.Height));
            }
            catch (ArgumentException)
            {
                // Which of the two is the decoder's choice.
            }
        }
    }

    [TestMethod]
    public void SizesThatNoMemoryHoldsAreRefused()
    {
        var png = PngFile.Encode(1, 1, (_, _) => (0, 0, 0));
        var huge = PngFile.WithSize(png, int.MaxValue, int.MaxValue);
        Assert.ThrowsExactly<ArgumentException>(() => Decode(huge));
    }

    [TestMethod]
    public void DamagedFilesGiveAnImageOrAnArgumentException()
    {
        var random = new Random(3);
        byte[][] files =
        [
            SampleFiles.CmykJpeg, SampleFiles.GreyJpeg, SampleFiles.ProgressiveJpeg, SampleFiles.ExifRotatedJpeg, SampleFiles.Gif,
            SampleFiles.Bmp(4, 4, (x, y) => ((byte)x, (byte)y, 0)),
            PngFile.Encode(12, 12, PngFile.Rgba, 16, (x, y) => [x * 999, y * 999, 7, 60000], interlaced: true),
            PngFile.Encode(5, 5, PngFile.Palette, 4, (x, y) => [x ^ y], new byte[48], transparency: new byte[16]),
        ];
        for (var round = 0; round < 1000; round++)
        {
            var file = (byte[])files[round % files.Length].Clone();
            for (var damage = random.Next(1, 5); damage > 0; damage--)
            {
                // Sizes stay as they are: a large image is no damage.
                file[random.Next(Math.Min(30, file.Length - 1), file.Length)] = (byte)random.Next(256);
            }

            try
            {
                using var image = Decode(file[..random.Next(file.Length / 2, file.Length + 1)]);
                Assert.AreEqual(image.Width * image.Height * 4, image.Pixels.Length);
            }
            catch (ArgumentException)
            {
            }
        }
    }

    private static void PixelIs((int R, int G, int B, int A) expected, MLImage image, int x, int y, int tolerance = 0)
    {
        var pixel = image.Pixels.Slice((y * image.Width + x) * 4, 4);
        var (r, g, b, a) = image.PixelFormat == MLPixelFormat.Bgra32 ? (pixel[2], pixel[1], pixel[0], pixel[3]) : (pixel[0], pixel[1], pixel[2], pixel[3]);
        var distance = new[] { r - expected.R, g - expected.G, b - expected.B, a - expected.A }.Max(Math.Abs);
        Assert.IsLessThanOrEqualTo(tolerance, distance, $"At ({x}, {y}) expected {expected}, got {(r, g, b, a)}.");
    }

    private static MLImage Decode(byte[] file) => MLImage.CreateFromStream(new MemoryStream(file));

    private static void ForEachPixel(MLImage image, Action<int, int> check)
    {
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                check(x, y);
            }
        }
    }

    private static void LeftAndRightAre((int, int, int, int) left, (int, int, int, int) right, byte[] file)
    {
        using var image = Decode(file);
        Assert.AreEqual((16, 8), (image.Width, image.Height));
        ForEachPixel(image, (x, y) => PixelIs(x < 8 ? left : right, image, x, y, JpegTolerance));
    }
}
