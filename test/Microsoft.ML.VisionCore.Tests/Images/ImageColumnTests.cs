using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.VisionCore.Images;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public class ImageColumnTests
{
    private const int Side = 4;

    [TestMethod]
    public void AllKindsOfColumnsGiveTheSamePixels()
    {
        var context = new MLContext();
        byte[] pixels = [.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)(i * 5))]; // [S, S, 3]
        var expected = new byte[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            expected[(i % 3 * Side * Side) + (i / 3)] = pixels[i];
        }

        using var image = MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, [.. pixels.Chunk(3).SelectMany(rgb => rgb.Append(byte.MaxValue))]);
        var data = context.Data.LoadFromEnumerable([new Row
        {
            File = PngFile.Encode(Side, Side, PngFile.Rgb, pixels),
            Image = image,
            Interleaved = Array.ConvertAll(pixels, value => (float)value),
            Planar = Array.ConvertAll(expected, value => (float)value),
            Flat = Array.ConvertAll(expected, value => value + 0.25f),
        }]);

        foreach (var name in new[] { "File", "Image", "Interleaved", "Planar", "Flat" })
        {
            var column = ImageColumn.Bind(data.Schema, name, "feature");
            using var cursor = data.GetRowCursor([column.Column]);
            var reader = column.Open(cursor, Side);
            Assert.IsTrue(cursor.MoveNext());

            var actual = new byte[expected.Length];
            Assert.IsNull(reader.Read(actual), name);
            CollectionAssert.AreEqual(expected, actual, name);

            var row = new DecodingCursor.Row(expected.Length);
            reader.Take(row);
            Assert.AreEqual(name == "File", row.IsEncoded, name);
            if (row.IsEncoded)
            {
                row.Decode(new ImageDecoder(Side));
            }

            Assert.IsNull(row.Problem, name);
            CollectionAssert.AreEqual(expected, row.Pixels, name);
        }
    }

    [TestMethod]
    public void RowsWithoutAnImageSayWhy()
    {
        var data = new MLContext().Data.LoadFromEnumerable([new Row
        {
            File = [], Image = null, Flat = [.. Enumerable.Repeat(float.NaN, 48)],
            Planar = new float[48], Interleaved = new float[48],
        }]);
        Assert.AreEqual("the row has no bytes", Read(data, "File"));
        Assert.AreEqual("the row has no image", Read(data, "Image"));
        Assert.AreEqual("the row has values that are not finite numbers", Read(data, "Flat"));
    }

    [TestMethod]
    public void ASideIsSuggestedFromTheMedianOfTheShorterSides()
    {
        static int Suggest(params (int Width, int Height)[] sizes)
        {
            var data = new MLContext().Data.LoadFromEnumerable(sizes.Select(size => new Row
            {
                File = PngFile.Encode(size.Width, size.Height, PngFile.Grey, new byte[size.Width * size.Height]),
            }));
            return ImageColumn.SuggestSide(data, ImageColumn.Bind(data.Schema, "File", "feature"));
        }

        Assert.AreEqual(48, Suggest((41, 100), (100, 45), (200, 10)));
        Assert.AreEqual(32, Suggest((5, 5)));
        Assert.AreEqual(96, Suggest((500, 400)));
        Assert.AreEqual(64, Suggest((64, 64)));
    }

    [TestMethod]
    public void PhotographsAreLargeAndHaveColors()
    {
        static bool Look(int side, params bool[] colored)
        {
            var data = new MLContext().Data.LoadFromEnumerable(colored.Select(hasColor => new Row
            {
                File = hasColor
                    ? PngFile.Encode(side, side, PngFile.Rgb, [.. Enumerable.Range(0, 3 * side * side).Select(i => (byte)(i % 3 == 0 ? 200 : 90))])
                    : PngFile.Encode(side, side, PngFile.Grey, [.. Enumerable.Range(0, side * side).Select(i => (byte)i)]),
            }));
            return ImageColumn.HoldsPhotographs(data, ImageColumn.Bind(data.Schema, "File", "feature"));
        }

        Assert.IsTrue(Look(64, true));
        Assert.IsTrue(Look(64, true, false));
        Assert.IsFalse(Look(64, true, false, false));
        Assert.IsFalse(Look(63, true));
        Assert.IsFalse(Look(200, false));
        Assert.IsFalse(Look(200));
    }

    [TestMethod]
    public void AVectorsSideFollowsFromItsType()
    {
        var schema = new MLContext().Data.LoadFromEnumerable(Array.Empty<Row>()).Schema;
        Assert.AreEqual(Side, ImageColumn.Bind(schema, "Flat", "feature").FixedSide);
        Assert.IsNull(ImageColumn.Bind(schema, "File", "feature").FixedSide);
        Assert.AreEqual(32, ImageColumn.SuggestSide(new MLContext().Data.LoadFromEnumerable(Array.Empty<Row>()), ImageColumn.Bind(schema, "Flat", "feature")));
    }

    [TestMethod]
    [DataRow("Nowhere", "The feature column 'Nowhere' was not found.")]
    [DataRow("Number", "Schema mismatch for feature column 'Number': expected encoded image files (VarVector<Byte>), MLImage, or a known-size Vector<Single> of pixels [3, height, width] or [height, width, 3], got Single.")]
    [DataRow("TwoChannels", "Schema mismatch for feature column 'TwoChannels'")]
    [DataRow("FixedBytes", "Schema mismatch for feature column 'FixedBytes'")]
    [DataRow("AnyFloats", "Schema mismatch for feature column 'AnyFloats'")]
    public void OtherColumnsAreRefusedByName(string name, string message)
    {
        var schema = new MLContext().Data.LoadFromEnumerable(Array.Empty<OtherRow>()).Schema;
        var exception = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageColumn.Bind(schema, name, "feature"));
        Assert.StartsWith(message, exception.Message);
    }

    private static string? Read(IDataView data, string name)
    {
        var column = ImageColumn.Bind(data.Schema, name, "feature");
        using var cursor = data.GetRowCursor([column.Column]);
        var reader = column.Open(cursor, Side);
        Assert.IsTrue(cursor.MoveNext());
        return reader.Read(new byte[3 * Side * Side]);
    }

    private sealed class Row
    {
        public byte[] File { get; set; } = [];

        [ImageType(Side, Side)]
        public MLImage? Image { get; set; }

        [VectorType(Side, Side, 3)]
        public float[] Interleaved { get; set; } = [];

        [VectorType(3, Side, Side)]
        public float[] Planar { get; set; } = [];

        [VectorType(3 * Side * Side)]
        public float[] Flat { get; set; } = [];
    }

    private sealed class OtherRow
    {
        public float Number { get; set; }

        [VectorType(2, Side, Side)]
        public float[] TwoChannels { get; set; } = [];

        [VectorType(12)]
        public byte[] FixedBytes { get; set; } = [];

        public float[] AnyFloats { get; set; } = [];
    }
}
