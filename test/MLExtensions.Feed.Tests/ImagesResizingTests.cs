using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class ImagesResizingTests
{
    // Implementations differ in how they filter; pixels well inside an area of one color do not depend on it but for rounding.
    private const int Rounding = 2;
    private static readonly (int, int, int, int) Red = (255, 0, 0, 255);
    private static readonly (int, int, int, int) Blue = (0, 0, 255, 255);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(ImageResizingEstimator.Anchor.Left, true, true)]
    [DataRow(ImageResizingEstimator.Anchor.Right, false, false)]
    [DataRow(ImageResizingEstimator.Anchor.Center, true, false)]
    [DataRow(ImageResizingEstimator.Anchor.Top, true, false)]
    public void CroppingAWideImageKeepsTheAnchoredPart(ImageResizingEstimator.Anchor anchor, bool leftIsRed, bool rightIsRed) => Resize(
        Halves(64, 32, upright: false),
        20,
        20,
        ImageResizingEstimator.ResizingKind.IsoCrop,
        anchor,
        image =>
        {
            ImagesAssert.PixelIs(leftIsRed ? Red : Blue, image, 2, 10, Rounding);
            ImagesAssert.PixelIs(rightIsRed ? Red : Blue, image, 17, 10, Rounding);
        });

    [TestMethod]
    [DataRow(ImageResizingEstimator.Anchor.Top, true, true)]
    [DataRow(ImageResizingEstimator.Anchor.Bottom, false, false)]
    [DataRow(ImageResizingEstimator.Anchor.Center, true, false)]
    public void CroppingATallImageKeepsTheAnchoredPart(ImageResizingEstimator.Anchor anchor, bool topIsRed, bool bottomIsRed) => Resize(
        Halves(32, 64, upright: true),
        20,
        20,
        ImageResizingEstimator.ResizingKind.IsoCrop,
        anchor,
        image =>
        {
            ImagesAssert.PixelIs(topIsRed ? Red : Blue, image, 10, 2, Rounding);
            ImagesAssert.PixelIs(bottomIsRed ? Red : Blue, image, 10, 17, Rounding);
        });

    [TestMethod]
    public void PaddingLeavesBlackBands() => Resize(
        Halves(64, 32, upright: false),
        16,
        16,
        ImageResizingEstimator.ResizingKind.IsoPad,
        ImageResizingEstimator.Anchor.Center,
        image =>
        {
            foreach (var y in new[] { 0, 3, 12, 15 })
            {
                var (r, g, b, _) = ImagesAssert.PixelAt(image, 8, y);
                Assert.AreEqual((0, 0, 0), (r, g, b), $"row {y}");
            }

            ImagesAssert.PixelIs(Red, image, 2, 8, Rounding);
            ImagesAssert.PixelIs(Blue, image, 13, 8, Rounding);
        });

    [TestMethod]
    public void EnlargingKeepsColors() => Resize(
        Halves(8, 8, upright: false),
        40,
        40,
        ImageResizingEstimator.ResizingKind.IsoCrop,
        ImageResizingEstimator.Anchor.Center,
        image =>
        {
            ImagesAssert.PixelIs(Red, image, 3, 20, Rounding);
            ImagesAssert.PixelIs(Blue, image, 36, 20, Rounding);
        });

    [TestMethod]
    public void FillingTakesTheNearestPixel()
    {
        var file = PngFile.Encode(4, 2, (x, y) => ((byte)(x * 50), (byte)(y * 100), 9));
        Resize(file, 8, 6, ImageResizingEstimator.ResizingKind.Fill, ImageResizingEstimator.Anchor.Center, image =>
        {
            for (var y = 0; y < 6; y++)
            {
                for (var x = 0; x < 8; x++)
                {
                    ImagesAssert.PixelIs((x / 2 * 50, y / 3 * 100, 9, 255), image, x, y);
                }
            }
        });
    }

    [TestMethod]
    public void ShrinkingAveragesFineDetail()
    {
        // A checkerboard of single pixels: without averaging it would come out black or white.
        var file = PngFile.Encode(128, 128, (x, y) => (x + y) % 2 == 0 ? ((byte)255, (byte)255, (byte)255) : ((byte)0, (byte)0, (byte)0));
        Resize(file, 16, 16, ImageResizingEstimator.ResizingKind.IsoCrop, ImageResizingEstimator.Anchor.Center, image =>
            ImagesAssert.PixelIs((128, 128, 128, 255), image, 8, 8, tolerance: 20)); // how far it averages is the filter's choice
    }

    [TestMethod]
    public void SizeTagAndTypeAreThoseAskedFor()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.png"], Halves(10, 10, upright: false));
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "a.png" }]);
        var images = _ml.Transforms.LoadImages("Image", folder.Path, "Path").Append(_ml.Transforms.ResizeImages("Small", 7, 5, "Image")).Fit(data).Transform(data);
        Assert.AreEqual(new ImageDataViewType(5, 7), images.Schema["Small"].Type);
        Assert.AreEqual("Image<5, 7>", images.Schema["Small"].Type.ToString());
        Read(images, "Small", image =>
        {
            Assert.AreEqual((7, 5), (image.Width, image.Height));
            Assert.AreEqual(folder["a.png"], image.Tag);
        });
    }

    private static byte[] Halves(int width, int height, bool upright) =>
        PngFile.Encode(width, height, (x, y) => (upright ? y < height / 2 : x < width / 2) ? ((byte)255, (byte)0, (byte)0) : ((byte)0, (byte)0, (byte)255));

    private static void Read(IDataView data, string column, Action<MLImage> check)
    {
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var getter = cursor.GetGetter<MLImage>(data.Schema[column]);
        MLImage image = null!;
        Assert.IsTrue(cursor.MoveNext());
        getter(ref image);
        check(image);
    }

    private void Resize(byte[] file, int width, int height, ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor, Action<MLImage> check)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.png"], file);
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "a.png" }]);
        var images = _ml.Transforms.LoadImages("Image", folder.Path, "Path")
            .Append(_ml.Transforms.ResizeImages("Small", width, height, "Image", kind, anchor))
            .Fit(data)
            .Transform(data);
        Read(images, "Small", image =>
        {
            Assert.AreEqual((width, height), (image.Width, image.Height));
            check(image);
        });
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
