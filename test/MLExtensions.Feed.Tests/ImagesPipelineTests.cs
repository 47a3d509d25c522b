using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLExtensions.Testing;

namespace MLExtensions.Feed.Tests;

[TestClass]
public class ImagesPipelineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void RawBytesAreThoseOfTheFile()
    {
        using var folder = MakeFolder();
        File.WriteAllBytes(folder["empty.jpg"], []);
        var data = Paths("a.png", "sub/b.png", "", "empty.jpg");
        var bytes = _ml.Transforms.LoadRawImageBytes("Bytes", folder.Path, nameof(PathRow.Path)).Fit(data).Transform(data);
        var type = (VectorDataViewType)bytes.Schema["Bytes"].Type;
        Assert.IsFalse(type.IsKnownSize);
        Assert.AreEqual(NumberDataViewType.Byte, type.ItemType);
        var rows = bytes.GetColumn<byte[]>("Bytes").ToArray();
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["a.png"]), rows[0]);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["sub", "b.png"]), rows[1]);
        Assert.IsEmpty(rows[2]);
        Assert.IsEmpty(rows[3]);
    }

    [TestMethod]
    public void ImagesAreLoadedWithTheirPath()
    {
        using var folder = MakeFolder();
        var data = Paths("a.png", "");
        var images = _ml.Transforms.LoadImages("Image", folder.Path, nameof(PathRow.Path)).Fit(data).Transform(data);
        Assert.AreEqual(new ImageDataViewType(), images.Schema["Image"].Type);
        using var cursor = images.GetRowCursor([images.Schema["Image"]]);
        var getter = cursor.GetGetter<MLImage>(images.Schema["Image"]);
        MLImage image = null!;
        Assert.IsTrue(cursor.MoveNext());
        getter(ref image);
        Assert.AreEqual(folder["a.png"], image.Tag);
        ImagesAssert.PixelIs((30, 20, 10, 255), image, 3, 2);
        Assert.IsTrue(cursor.MoveNext());
        getter(ref image);
        Assert.IsNull(image);
    }

    [TestMethod]
    public void MissingFoldersAndFilesAreRefused()
    {
        using var folder = MakeFolder();
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.LoadImages("Image", folder["none"], "Path"));
        var data = Paths("none.png");
        var loaded = _ml.Transforms.LoadRawImageBytes("Bytes", folder.Path, "Path").Fit(data).Transform(data);
        // A cursor that reads ahead on other threads wraps what they throw.
        var error = Assert.Throws<Exception>(() => loaded.GetColumn<byte[]>("Bytes").ToArray());
        Assert.IsInstanceOfType<FileNotFoundException>(error.GetBaseException());
    }

    [TestMethod]
    public void ColumnsOfAnotherTypeAreRefused()
    {
        var data = _ml.Data.LoadFromEnumerable([new NumberRow()]);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, nameof(NumberRow.Number)).Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", null, "None").Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 4, 4, nameof(NumberRow.Number)).Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", nameof(NumberRow.Number)).Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ResizeImages("Image", 0, 4));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", colorsToExtract: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", scaleImage: 0));
    }

    [TestMethod]
    public void PixelsOfImagesOfUnknownSizeAreRefused()
    {
        using var folder = MakeFolder();
        var data = Paths("a.png");
        var chain = _ml.Transforms.LoadImages("Image", folder.Path, "Path").Append(_ml.Transforms.ExtractPixels("Pixels", "Image"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => chain.Fit(data));
    }

    [TestMethod]
    public void PixelsComeInPlanesOfRedGreenBlue()
    {
        var pixels = Extract<float>(_ml.Transforms.ExtractPixels("Pixels", "Image"), out var type);
        CollectionAssert.AreEqual(new[] { 3, 1, 2 }, type.Dimensions.ToArray());
        CollectionAssert.AreEqual(new float[] { 30, 70, 20, 60, 10, 50 }, pixels);
    }

    [TestMethod]
    public void PixelsCanBeOrderedInterleavedAndScaled()
    {
        var interleaved = Extract<float>(
            _ml.Transforms.ExtractPixels("Pixels", "Image", ImagePixelExtractingEstimator.ColorBits.All, ImagePixelExtractingEstimator.ColorsOrder.ABGR, true, 10, 0.5f),
            out var type);
        CollectionAssert.AreEqual(new[] { 1, 2, 4 }, type.Dimensions.ToArray());
        CollectionAssert.AreEqual(new float[] { 122.5f, 0, 5, 10, 122.5f, 20, 25, 30 }, interleaved);
        var colors = ImagePixelExtractingEstimator.ColorBits.Red | ImagePixelExtractingEstimator.ColorBits.Blue;
        var bytes = Extract<byte>(
            _ml.Transforms.ExtractPixels("Pixels", "Image", colors, ImagePixelExtractingEstimator.ColorsOrder.AGBR, outputAsFloatArray: false), out type);
        CollectionAssert.AreEqual(new[] { 2, 1, 2 }, type.Dimensions.ToArray());
        CollectionAssert.AreEqual(new byte[] { 10, 50, 30, 70 }, bytes);
    }

    [TestMethod]
    public void SavedImageStepsGiveTheSamePixels()
    {
        using var folder = MakeFolder();
        var data = Paths("a.png", "sub/b.png");
        var model = _ml.Transforms.LoadImages("Image", folder.Path, "Path")
            .Append(_ml.Transforms.ResizeImages("Image", 3, 2, resizing: ImageResizingEstimator.ResizingKind.IsoPad))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 1, scaleImage: 2))
            .Append(_ml.Transforms.LoadRawImageBytes("Bytes", folder.Path, "Path"))
            .Fit(data);
        _ml.Model.Save(model, data.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        var (before, after) = (model.Transform(data), loaded.Transform(data));
        CollectionAssert.AreEqual(
            before.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray(), after.GetColumn<float[]>("Pixels").SelectMany(row => row).ToArray());
        CollectionAssert.AreEqual(
            before.GetColumn<byte[]>("Bytes").SelectMany(row => row).ToArray(), after.GetColumn<byte[]>("Bytes").SelectMany(row => row).ToArray());
    }

    private static TemporaryFolder MakeFolder()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["sub"]);
        File.WriteAllBytes(folder["a.png"], PngFile.Encode(6, 4, (_, _) => (30, 20, 10)));
        File.WriteAllBytes(folder["sub", "b.png"], PngFile.Encode(4, 6, (x, y) => ((byte)(x * 9), (byte)(y * 9), 3)));
        return folder;
    }

    private IDataView Paths(params string[] paths) => _ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }));

    private T[] Extract<T>(ImagePixelExtractingEstimator step, out VectorDataViewType type)
    {
        using var image = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [10, 20, 30, 255, 50, 60, 70, 255]);
        var data = _ml.Data.LoadFromEnumerable([new ImageRow { Image = image }]);
        var pixels = step.Fit(data).Transform(data);
        type = (VectorDataViewType)pixels.Schema["Pixels"].Type;
        return pixels.GetColumn<T[]>("Pixels").Single();
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class NumberRow
    {
        public float Number { get; set; }
    }

    private sealed class ImageRow
    {
        [ImageType(1, 2)]
        public MLImage? Image { get; set; }
    }
}
