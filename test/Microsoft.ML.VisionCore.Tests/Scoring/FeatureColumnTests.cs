using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.VisionCore.Interop;
using Microsoft.ML.VisionCore.Scoring;

namespace Microsoft.ML.VisionCore.Tests.Scoring;

[TestClass]
public class FeatureColumnTests
{
    private readonly MLContext _context = new();

    [TestMethod]
    public void VectorsAreReadAsTheBytesOfTheirNumbers()
    {
        var rows = Read(VectorFeatures.Bind, [[1, -2.5f, 3], [4, 5, 6]]);
        CollectionAssert.AreEqual(new[] { 1, -2.5f, 3 }, MemoryMarshal.Cast<byte, float>(rows[0].Content).ToArray());
        CollectionAssert.AreEqual(new[] { 4f, 5, 6 }, MemoryMarshal.Cast<byte, float>(rows[1].Content).ToArray());
        Assert.IsTrue(rows.All(row => row.Reason is null));
    }

    [TestMethod]
    public void AVectorWithAValueThatIsNoFiniteNumberIsNotRead()
    {
        var rows = Read(VectorFeatures.Bind, [[1, float.NaN, 3], [1, 2, 3], [float.PositiveInfinity, 2, 3]]);
        CollectionAssert.AreEqual(new[] { "the row has values that are not finite numbers", null, "the row has values that are not finite numbers" },
            rows.Select(row => row.Reason).ToArray());
    }

    [TestMethod]
    public void PixelsAreReadInGreyWhereTheModelSeesNoColour()
    {
        // One pixel, planes of red, green and blue.
        var grey = Read((schema, name, role, _) => ImageFeatures.Bind(schema, name, role, side: 1, colours: 1), [[255, 0, 0], [10, 20, 30]]);
        CollectionAssert.AreEqual(new byte[] { 76, 18 }, grey.SelectMany(row => row.Content).ToArray());
        var colour = Read((schema, name, role, _) => ImageFeatures.Bind(schema, name, role, side: 1, colours: 3), [[255, 0, 0], [10, 20, 30]]);
        CollectionAssert.AreEqual(new byte[] { 255, 0, 0, 10, 20, 30 }, colour.SelectMany(row => row.Content).ToArray());
    }

    [TestMethod]
    public void AColumnOfAnotherTypeOrLengthIsRefusedByName()
    {
        var data = _context.Data.LoadFromEnumerable([new Row()]);
        Assert.StartsWith("The feature column 'Features' has vectors of length 3; the model takes vectors of length 4.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => VectorFeatures.Bind(data.Schema, "Features", "feature", 4)).Message);
        foreach (var door in new Action[] { () => VectorFeatures.Bind(data.Schema, "Text", "feature"), () => VectorFeatures.Check(SchemaShapes.Of(data.Schema), "Text", "feature") })
        {
            Assert.StartsWith("Schema mismatch for feature column 'Text': expected a known-size Vector<Single>, got ", Assert.ThrowsExactly<ArgumentOutOfRangeException>(door).Message);
        }

        foreach (var door in new Action[] { () => VectorFeatures.Bind(data.Schema, "No", "feature"), () => VectorFeatures.Check(SchemaShapes.Of(data.Schema), "No", "feature") })
        {
            Assert.StartsWith("The feature column 'No' was not found. Expected a known-size Vector<Single>.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(door).Message);
        }
    }

    private List<(byte[] Content, string? Reason)> Read(Func<DataViewSchema, string, string, int?, IFeatureColumn> bind, float[][] vectors)
    {
        var data = _context.Data.LoadFromEnumerable(vectors.Select(vector => new Row { Features = vector }));
        var column = bind(data.Schema, "Features", "feature", null);
        using var cursor = data.GetRowCursor(column.Sources);
        var reader = column.CreateReader(cursor);
        var rows = new List<(byte[], string?)>();
        while (cursor.MoveNext())
        {
            var content = new byte[column.RowBytes];
            var reason = reader(content);
            rows.Add((content, reason));
        }

        return rows;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = new float[3];

        public string Text { get; set; } = "";
    }
}
