using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Tests.Training;
using MLExtensions.Testing;
using SkiaSharp;

namespace Microsoft.ML.VisionCore.Tests.Images;

/// <summary>The table of docs/images.md: what is a picture, and what is said of the others.</summary>
[TestClass]
public sealed class BrokenImageTests
{
    private const int Width = SampleFiles.NoiseWidth;
    private const int Height = SampleFiles.NoiseHeight;

    private static readonly byte[] Quadrants = [.. Enumerable.Range(0, 16 * 16).SelectMany(i => Enumerable.Repeat(Quadrant(i % 16, i / 16), 3))];

    private static IEnumerable<(string Format, byte[] File)> Whole =>
    [
        ("JPEG", SampleFiles.Noise(SKEncodedImageFormat.Jpeg)),
        ("PNG", SampleFiles.Noise(SKEncodedImageFormat.Png)),
        ("WebP", SampleFiles.Noise(SKEncodedImageFormat.Webp)),
        ("GIF", SampleFiles.NoiseGif()),
        ("BMP", SampleFiles.Bmp(Width, Height, (x, y) => ((byte)(x * y), (byte)x, (byte)y))),
        ("PNG", PngFile.Encode(Width, Height, PngFile.Rgb, 8, (x, y) => [(x * 97) ^ (y * 31), x * y % 256, y], interlaced: true)),
        ("PNG", PngFile.Encode(Width, Height, PngFile.Rgb, 16, (x, y) => [x * 1601, y * 2003, x * y])),
    ];

    [TestMethod]
    public void WholeFilesOfEveryFormatArePictures()
    {
        foreach (var (format, file) in Whole)
        {
            Assert.IsNull(EncodedImage.FindFault(file), format);
            Assert.AreEqual(new EncodedImage.Header(format, Width, Height, null), EncodedImage.ReadHeader(file));
        }
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(50)]
    [DataRow(90)]
    public void ACutOffFileIsNoPictureInAnyFormat(int percent)
    {
        foreach (var (format, file) in Whole)
        {
            var cut = file[..(file.Length * percent / 100)];
            var fault = EncodedImage.FindFault(cut);
            Assert.IsNotNull(fault, $"{format} of {cut.Length} of {file.Length} bytes");
            Assert.Contains($"{format} file", fault);
            Assert.Contains($"{cut.Length} bytes", fault);
        }
    }

    [TestMethod]
    public void WhereAFileEndsIsSaid()
    {
        var png = SampleFiles.Noise(SKEncodedImageFormat.Png);
        Assert.AreEqual("the file is empty", EncodedImage.FindFault([]));
        Assert.AreEqual("the header of the PNG file is damaged or asks for a picture that is too wide or too high, or the file ends in it after 20 bytes", EncodedImage.FindFault(png.AsSpan(0, 20)));
        Assert.AreEqual("the PNG file is cut off: it ends after 2000 bytes, before the last of its 40 x 30 pixels", EncodedImage.FindFault(png.AsSpan(0, 2000)));
    }

    [TestMethod]
    public void APngFileWhoseChecksumsAreWrongIsNoPicture()
    {
        var png = SampleFiles.Noise(SKEncodedImageFormat.Png);
        png[1000] ^= 1;
        Assert.AreEqual("the PNG file is damaged: not all of its 40 x 30 pixels can be decoded", EncodedImage.FindFault(png));
        png = SampleFiles.Noise(SKEncodedImageFormat.Png);
        png[20] ^= 1;
        Assert.AreEqual($"the header of the PNG file is damaged or asks for a picture that is too wide or too high, or the file ends in it after {png.Length} bytes", EncodedImage.FindFault(png));
    }

    [TestMethod]
    public void WhatIsOfAnotherFormatIsNamed()
    {
        foreach (var (what, file) in SampleFiles.NoPictures())
        {
            Assert.AreEqual($"the file is {what}; JPEG, PNG, GIF, BMP and WebP are read", EncodedImage.FindFault(file));
        }

        Assert.AreEqual("3 bytes are not an image of a known format; JPEG, PNG, GIF, BMP and WebP are read", EncodedImage.FindFault([1, 2, 3]));
    }

    [TestMethod]
    [DataRow("JPEG", "FFD8FF")]
    [DataRow("PNG", "89504E470D0A1A0A")]
    [DataRow("GIF", "474946383961")]
    [DataRow("BMP", "424D")]
    [DataRow("WebP", "524946460000000057454250")]
    public void AHeaderWithNonsenseBehindItIsNoPicture(string format, string header)
    {
        byte[] file = [.. Convert.FromHexString(header), .. "and then something else entirely, long enough for any header"u8];
        Assert.AreEqual($"the header of the {format} file is damaged or asks for a picture that is too wide or too high, or the file ends in it after {file.Length} bytes", EncodedImage.FindFault(file));
    }

    [TestMethod]
    public void AFilesNameDoesNotMatterAndBytesBehindItsEndNeither()
    {
        foreach (var (format, file) in Whole)
        {
            Assert.IsNull(EncodedImage.FindFault([.. file, .. new byte[100]]), format);
        }
    }

    [TestMethod]
    public void OfMovingPicturesTheFirstFrameCounts()
    {
        CollectionAssert.AreEqual(Pixels(SampleFiles.NoiseGif()), Pixels(SampleFiles.NoiseGif(frames: 3)));
        CollectionAssert.AreEqual(Pixels(SampleFiles.Noise(SKEncodedImageFormat.Webp)), Pixels(SampleFiles.AnimatedWebP()));
        foreach (var file in new[] { SampleFiles.NoiseGif(frames: 2), SampleFiles.AnimatedWebP() })
        {
            Assert.IsNotNull(EncodedImage.FindFault(file.AsSpan(0, file.Length * 2 / 5)), "ends in the first frame");
        }

        var gif = SampleFiles.NoiseGif(frames: 2);
        CollectionAssert.AreEqual(Pixels(gif), Pixels(gif[..(gif.Length * 9 / 10)]), "ends in the second frame");
    }

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Png, 1)]
    [DataRow(SKEncodedImageFormat.Webp, 1)]
    [DataRow(SKEncodedImageFormat.Jpeg, 3)]
    public void ColorsOfAProfileBecomeThoseOfSrgb(SKEncodedImageFormat format, int tolerance)
    {
        // (180, 60, 53) of Display P3 is (196, 46, 46) of sRGB.
        var pixels = Pixels(SampleFiles.DisplayP3(format, new SKColor(180, 60, 53)));
        byte[] expected = [196, 46, 46];
        for (var i = 0; i < pixels.Length; i++)
        {
            Assert.AreEqual(expected[i % 3], pixels[i], tolerance);
        }
    }

    [TestMethod]
    public void ATransparentColorOfAPaletteIsWhite()
    {
        byte[] palette = [255, 0, 0, 0, 255, 0, 10, 20, 30];
        var file = PngFile.Encode(3, 1, PngFile.Palette, 2, (x, _) => [x], palette, transparency: [255, 0]);
        CollectionAssert.AreEqual(new byte[] { 255, 0, 0, 255, 255, 255, 10, 20, 30 }, Pixels(file));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    public void AJpegAndAWebPAreTurnedAsAPngIs(int orientation)
    {
        var exif = PngFile.Exif(orientation, littleEndian: orientation % 2 == 0);
        using var image = SKImage.FromPixelCopy(new SKImageInfo(16, 16, SKColorType.Gray8, SKAlphaType.Opaque), [.. Quadrants.Where((_, i) => i % 3 == 0)]);
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, quality: 100);
        var expected = Pixels(PngFile.Encode(16, 16, PngFile.Rgb, Quadrants, exif));
        var actual = Pixels(SampleFiles.WithExif(jpeg.ToArray(), exif));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], 2);
        }

        var webP = SampleFiles.Noise(SKEncodedImageFormat.Webp);
        var png = PngFile.Encode(Width, Height, PngFile.Rgb, Pixels(webP), exif);
        CollectionAssert.AreEqual(Pixels(png), Pixels(SampleFiles.WebPWithExif(webP, exif)));
    }

    [TestMethod]
    public void TrainingLeavesBrokenFilesOutAndCountsThem()
    {
        using var log = new TestLog();
        byte[][] broken = [.. Whole.Select(one => one.File[..(one.File.Length / 2)]), .. SampleFiles.NoPictures().Select(one => one.File), []];
        byte[][] good = [.. Whole.Select(one => one.File)];
        var rows = good.Concat(broken).Concat(good).Select(file => new ImageDataSetTests.EncodedRow { Image = file }).ToArray();
        using var images = NumberedImages.Read(log, log.Context.Data.LoadFromEnumerable(rows), side: 16);

        Assert.AreEqual(2 * good.Length, images.Count);
        Assert.AreEqual(broken.Length, images.Skipped);
        StringAssert.StartsWith(images.FirstProblem, $"row {good.Length}: the JPEG file is cut off: ");
        Assert.HasCount(1, log.Of(ChannelMessageKind.Warning));
        CollectionAssert.AreEqual(images.Store.Cache[0].ToArray(), images.Store.Cache[good.Length].ToArray());
    }

    private static byte Quadrant(int x, int y) => (byte)(((x < 8 ? 0 : 1) + (y < 8 ? 0 : 2)) * 80);

    private static byte[] Pixels(byte[] file)
    {
        using var image = new RgbImage();
        Assert.IsNull(EncodedImage.Decode(file, image));
        return image.Pixels.ToArray();
    }
}
