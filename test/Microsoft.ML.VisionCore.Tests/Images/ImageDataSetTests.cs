using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.VisionCore.Images;
using Microsoft.ML.VisionCore.Tests.Training;
using MLExtensions.Testing;

namespace Microsoft.ML.VisionCore.Tests.Images;

[TestClass]
public sealed class ImageDataSetTests
{
    [TestMethod]
    public void RowsWithoutLabelOrImageAreCountedInOneWarning()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 10, label: row => row == 4 ? 3u : 1u, value: row => row is 6 or 7 ? float.NaN : row);

        Assert.AreEqual(7, images.Count);
        Assert.AreEqual(3, images.Skipped);
        Assert.AreEqual(3, images.ClassCount, "The key type tells, not the labels seen.");
        CollectionAssert.AreEqual(new[] { 0, 7, 0 }, images.LabelCounts);
        Assert.AreEqual("row 4: the label is missing", images.FirstProblem);
        var warning = log.Of(ChannelMessageKind.Warning).Single();
        StringAssert.StartsWith(warning, "3 of 10 row(s) are left out: column 'Image' has no image that can be read, or column 'Label' no label. First: row 4");
    }

    [TestMethod]
    public void CleanDataGivesNoWarning()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 10);
        Assert.IsEmpty(log.Of(ChannelMessageKind.Warning));
        Assert.IsNull(images.FirstProblem);
    }

    [TestMethod]
    public void ASplitHoldsOutItsShareOfEveryClass()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 100, label: row => row < 60 ? 0u : row < 98 ? 1u : 2u);
        var (training, validation) = images.Split(0.1, seed: 5);

        CollectionAssert.AreEqual(new[] { 6, 4, 1 }, validation.LabelCounts);
        CollectionAssert.AreEqual(images.Rows, training.Rows.Concat(validation.Rows).Order().ToArray());
        CollectionAssert.AreEqual(validation.Rows, images.Split(0.1, seed: 5).Validation.Rows);
        CollectionAssert.AreNotEqual(validation.Rows, images.Split(0.1, seed: 6).Validation.Rows);
    }

    [TestMethod]
    public void AClassOfOneImageKeepsItForTraining()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 3);
        var (training, validation) = images.Split(0.5, seed: 5);

        Assert.AreEqual(3, training.Count);
        Assert.AreEqual(0, validation.Count);
    }

    [TestMethod]
    public void EncodedFilesAreDecodedInOrder()
    {
        const int side = 16;
        var random = new Random(1);
        using var log = new TestLog();
        var drawn = Enumerable.Range(0, 60).Select(i => TinyImages.Draw(i % 3, side, random)).ToArray();
        using var folder = new TemporaryFolder();
        var rows = drawn.Select((pixels, i) =>
        {
            var file = folder[$"{i}.png"];
            TinyImages.Save(file, pixels, side);
            return new EncodedRow { Image = i == 30 ? [1, 2, 3] : File.ReadAllBytes(file), Label = (uint)(i % 3) };
        }).ToArray();
        using var images = NumberedImages.Read(log, log.Context.Data.LoadFromEnumerable(rows), side: side);

        Assert.AreEqual(59, images.Count);
        StringAssert.StartsWith(images.FirstProblem, "row 30: ");
        foreach (var row in images.Rows)
        {
            var expected = drawn[row < 30 ? row : row + 1];
            var red = images.Store.Cache[row][..(side * side)].ToArray();
            CollectionAssert.AreEqual(expected.Where((_, i) => i % 4 == 0).ToArray(), red, $"row {row}");
        }
    }

    [TestMethod]
    public void StatisticsAreThoseOfTheBytes()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 2, value: row => row == 0 ? 10 : 20);
        var normalization = ImageNormalization.Measure(images);

        CollectionAssert.AreEqual(new float[] { 15, 15, 15 }, normalization.Mean);
        CollectionAssert.AreEqual(new float[] { 5, 5, 5 }, normalization.Deviation);
    }

    [TestMethod]
    public void AFlatChannelIsNotDividedByZero()
    {
        using var log = new TestLog();
        using var images = NumberedImages.Read(log, 2, value: _ => 9);
        CollectionAssert.AreEqual(new float[] { 1, 1, 1 }, ImageNormalization.Measure(images).Deviation);
    }

    public sealed class EncodedRow
    {
        public byte[] Image { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
